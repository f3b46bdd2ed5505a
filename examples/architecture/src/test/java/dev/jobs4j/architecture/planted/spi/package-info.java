/** The one planted package that keeps the rule of null marking. */
@NullMarked
package dev.jobs4j.architecture.planted.spi;

import org.jspecify.annotations.NullMarked;
