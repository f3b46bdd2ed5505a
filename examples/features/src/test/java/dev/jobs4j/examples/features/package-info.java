/**
 * One runnable snippet a feature: the text between {@code // begin: name} and {@code // end} is
 * what docs/features.md shows under that name. Begin with EnqueueTest.
 */
@NullMarked
package dev.jobs4j.examples.features;

import org.jspecify.annotations.NullMarked;
