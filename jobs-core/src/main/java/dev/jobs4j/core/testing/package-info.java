/**
 * For tests of code that enqueues and runs jobs: {@link dev.jobs4j.core.testing.JobsTester} is the
 * real engine on a store in memory, on the test's own thread and in made-up time. It needs no test
 * framework. Read {@code dev.jobs4j.core.memory} next.
 */
@NullMarked
package dev.jobs4j.core.testing;

import org.jspecify.annotations.NullMarked;
