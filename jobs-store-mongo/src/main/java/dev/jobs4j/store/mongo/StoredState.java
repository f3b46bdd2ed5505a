package dev.jobs4j.store.mongo;

import dev.jobs4j.api.JobState;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/** Where a document is: the states of a job, and three that only this store knows. */
enum StoredState {
  /** Written by an insert of many that is not decided yet; nobody sees it. */
  ENTERING(null),
  /** Due, or due later. */
  PENDING(JobState.PENDING),
  /** Kept out of claims until its parents have succeeded. */
  WAITING(JobState.PENDING),
  /** Held under a token. */
  RUNNING(JobState.RUNNING),
  /** Ended well. */
  SUCCEEDED(JobState.SUCCEEDED),
  /** A dead letter. */
  DEAD(JobState.DEAD),
  /** Called off. */
  CANCELLED(JobState.CANCELLED),
  /** Deleted, but its unique key is still taken; nobody sees it. */
  KEY(null);

  /** Those that keep their unique key, however old. */
  static final List<String> ALIVE = names(ENTERING, PENDING, WAITING, RUNNING);

  /** Those that are over. */
  static final List<String> ENDED = names(SUCCEEDED, DEAD, CANCELLED);

  /** Those that a person may make pending again. */
  static final List<String> REQUEUEABLE = names(DEAD, CANCELLED);

  /** Those that have not started. */
  static final List<String> NOT_STARTED = names(PENDING, WAITING);

  private final Optional<JobState> visibleAs;

  StoredState(@Nullable JobState visibleAs) {
    this.visibleAs = Optional.ofNullable(visibleAs);
  }

  static StoredState of(Document job) {
    return valueOf(job.getString(JobDocument.STATE));
  }

  /** What the world sees; empty for a document that it must not see. */
  Optional<JobState> visible() {
    return visibleAs;
  }

  private static List<String> names(StoredState... states) {
    return Arrays.stream(states).map(Enum::name).toList();
  }
}
