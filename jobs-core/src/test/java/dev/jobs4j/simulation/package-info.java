/**
 * A deterministic simulation: several engines, the very classes that ship, on one store in memory,
 * in made-up time and with everything that can go wrong, all drawn from one seed. Beside it stands
 * what checks it, and the bugs that show that the checks see something.
 */
@NullMarked
package dev.jobs4j.simulation;

import org.jspecify.annotations.NullMarked;
