/**
 * The system under test: a real PostgreSQL, worker processes, and a wire for each process that
 * reaches the database. Read {@link dev.jobs4j.examples.chaos.cluster.Cluster} first.
 */
@NullMarked
package dev.jobs4j.examples.chaos.cluster;

import org.jspecify.annotations.NullMarked;
