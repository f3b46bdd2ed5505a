package dev.jobs4j.examples.quickstart;

import dev.jobs4j.api.JobId;
import dev.jobs4j.core.Jobs;
import dev.jobs4j.examples.quickstart.Orders.Met;
import dev.jobs4j.examples.quickstart.Orders.Order;
import java.time.Duration;
import java.util.List;

/**
 * Lets the main thread wait for jobs. Tells what it waits for when nothing moves, and ends the run
 * when there is no use in waiting.
 */
final class Watch {

  private static final Duration LOOK = Duration.ofMillis(200);

  /** So many looks in a row must find the same before it is told: a second, three seconds. */
  private static final int IDLE_LOOKS = 5;

  private static final int FAILING_LOOKS = 15;

  private final Jobs jobs;
  private final Progress progress;
  private final StopSign stopSign;
  private final OutFolder out;
  private final Screen screen;
  private int idleLooks;
  private int failingLooks;

  Watch(Jobs jobs, Progress progress, StopSign stopSign, OutFolder out, Screen screen) {
    this.jobs = jobs;
    this.progress = progress;
    this.stopSign = stopSign;
    this.out = out;
    this.screen = screen;
  }

  /**
   * Returns when all these jobs have ended.
   *
   * @throws RunFailedException if the run is to end before
   */
  void awaitEnded(List<Order> orders) {
    List<JobId> ids = orders.stream().filter(Order::isOpen).map(Order::id).toList();
    while (!progress.awaitEnded(ids, LOOK)) {
      stopSign.throwIfRaised();
      failingLooks = jobs.health().isUp() ? 0 : failingLooks + 1;
      if (failingLooks == FAILING_LOOKS) {
        throw new RunFailedException(
            ExitCode.STOPPED, out.whyDatabaseFails(String.join("; ", jobs.health().troubles())));
      }
      idleLooks = progress.isIdle() ? idleLooks + 1 : 0;
      if (idleLooks == IDLE_LOOKS) {
        tellWhoHasThem(orders);
      }
    }
  }

  private void tellWhoHasThem(List<Order> orders) {
    List<JobId> inHand =
        orders.stream().filter(order -> order.met() == Met.IN_HAND).map(Order::id).toList();
    int missing = progress.neitherRunningNorEnded(inHand).size();
    if (missing > 0) {
      screen.line(
          "Waiting for "
              + Report.counted(missing, "job")
              + " that a killed run had in hand: taken over "
              + Run.LEASE.duration().plus(Run.LEASE.grace()).toSeconds()
              + " s after its last sign of life");
    }
  }
}
