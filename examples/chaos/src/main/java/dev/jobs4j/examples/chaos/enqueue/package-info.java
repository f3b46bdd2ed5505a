/**
 * Who enqueues: several threads over a wire of their own, each in another way, that swear what they
 * were told of each job.
 */
@NullMarked
package dev.jobs4j.examples.chaos.enqueue;

import org.jspecify.annotations.NullMarked;
