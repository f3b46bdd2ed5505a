/**
 * AT Worker: runs the rows of the table {@code scheduled_tasks} at their time, on Jobs4j. Begin
 * with {@link dev.jobs4j.examples.atworker.AtWorker}. The {@code Feeder} makes jobs of rows that
 * are due, {@code TaskRuns} keeps a row as its job is, the {@code Cleaner} looks after rows that no
 * job looks after, and all SQL on the table is in {@code Tasks}.
 */
@NullMarked
package dev.jobs4j.examples.atworker;

import org.jspecify.annotations.NullMarked;
