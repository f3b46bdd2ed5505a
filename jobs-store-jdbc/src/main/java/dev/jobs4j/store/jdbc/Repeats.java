package dev.jobs4j.store.jdbc;

import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.StoreException.Certainty;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs work again, as a whole, that the database gave up for the sake of another transaction: a
 * deadlock, a lock that did not come in time, rows that changed. A short rest in between differs
 * from one to the other and grows, so that two who met do not meet again.
 */
final class Repeats {

  /** A deadlock's victim wins the next round or the one after; more is a fault of another kind. */
  static final int TRIES = 10;

  private static final Logger log = LoggerFactory.getLogger(Repeats.class);
  private static final Duration FIRST_REST = Duration.ofMillis(2);
  private static final int MOST_DOUBLINGS = 5;

  private final Machine machine;

  Repeats(Machine machine) {
    this.machine = machine;
  }

  /**
   * The answer of the first try that succeeds, or the error of the last.
   *
   * @param isMet what else tells of another transaction
   */
  <T> T run(String what, Predicate<SQLException> isMet, Supplier<T> once) {
    for (int tries = 1; ; tries++) {
      try {
        return once.get();
      } catch (StoreException e) {
        if (tries == TRIES || !mayRunAgain(e, isMet)) {
          throw e;
        }
        log.debug("{} met another transaction, tries again: try={}", what, tries, e);
        rest(tries);
      }
    }
  }

  private static boolean mayRunAgain(StoreException error, Predicate<SQLException> isMet) {
    return error.outcome() == Certainty.NOT_DONE
        && error.getCause() instanceof SQLException sql
        && (SqlErrors.isTransient(sql) || isMet.test(sql))
        && !SqlErrors.isConnectionLost(sql);
  }

  /** Whoever is interrupted goes on without a rest: what he does may be his last. */
  private void rest(int tries) {
    long longest = FIRST_REST.toNanos() << Math.min(tries - 1, MOST_DOUBLINGS);
    try {
      machine.rest().take(Duration.ofNanos((long) (longest * machine.chance().getAsDouble())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
