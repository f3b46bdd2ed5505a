package dev.jobs4j.examples.benchmarks.scenario;

/**
 * How much is done in a round.
 *
 * @param jobs that are drained or enqueued
 * @param samples of a latency
 * @param future jobs of a backlog that are not due
 * @param finished jobs of a backlog that have ended
 * @param head jobs at the head of the index that cannot run
 * @param running jobs that run for long
 * @param seconds for which something steady is watched
 * @param perSecond jobs a second of a steady load
 */
public record Size(
    int jobs,
    int samples,
    int future,
    int finished,
    int head,
    int running,
    int seconds,
    int perSecond) {

  /** As {@code PERFORMANCE.md} asks, but for a minute instead of ten. */
  public static Size full() {
    return new Size(100_000, 300, 1_000_000, 200_000, 1_000_000, 10_000, 60, 2_000);
  }

  /** Just enough to see that everything works. */
  public static Size smoke() {
    return new Size(300, 3, 500, 200, 500, 50, 1, 100);
  }
}
