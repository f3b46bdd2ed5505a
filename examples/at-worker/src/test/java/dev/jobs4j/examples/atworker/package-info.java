/**
 * Tests of AT Worker, against a real PostgreSQL and in processes of their own where that matters.
 */
@NullMarked
package dev.jobs4j.examples.atworker;

import org.jspecify.annotations.NullMarked;
