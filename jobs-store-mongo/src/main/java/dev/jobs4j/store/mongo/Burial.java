package dev.jobs4j.store.mongo;

import java.util.UUID;
import org.bson.Document;

/** How a job that has ended goes for good. */
final class Burial {

  private final WaitingJobs waiting;
  private final UniqueKeys keys;
  private final ServerClock clock;

  Burial(WaitingJobs waiting, UniqueKeys keys, ServerClock clock) {
    this.waiting = waiting;
    this.keys = keys;
    this.clock = clock;
  }

  /**
   * Deletes a job that has ended, all but its key while that is taken. What still waits for it is
   * called off, before and after: the first so that a crash between leaves nobody behind, the
   * second for those that came meanwhile.
   *
   * @return whether it was there, in the state in which {@code ended} was read
   */
  boolean bury(Document ended) {
    UUID id = ended.get(JobDocument.ID, UUID.class);
    long now = clock.now();
    if (StoredState.of(ended) == StoredState.SUCCEEDED) {
      if (JobDocument.isFlagged(ended, JobDocument.UNFINISHED)) {
        waiting.finishParent(id); // or nobody ever would
      }
      return keys.bury(ended, now);
    }
    boolean followed = JobDocument.isFlagged(ended, JobDocument.FOLLOWED);
    if (followed) {
      waiting.callOff(id, now);
    }
    boolean gone = keys.bury(ended, now);
    if (gone && followed) {
      waiting.callOff(id, now);
    }
    return gone;
  }
}
