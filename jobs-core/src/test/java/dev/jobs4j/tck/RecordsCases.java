package dev.jobs4j.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.AttemptRecord;
import dev.jobs4j.api.Cancellation;
import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.KeptResult;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.Mailbox;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Payload;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What people and tools see and do. */
abstract class RecordsCases extends StoreCases {

  private static Outcome died() {
    return new Outcome.Dead(DeadReason.REJECTED, FAILURE);
  }

  @Test
  void nothingIsKnownOfAnUnknownJob() {
    JobId unknown = new JobId(UUID.randomUUID());

    assertThat(records().find(unknown)).isEmpty();
    assertThat(records().result(unknown)).isEmpty();
    assertThat(records().attempts(unknown)).isEmpty();
    assertThat(records().cancel(unknown)).isEqualTo(Cancellation.UNKNOWN);
    assertThat(records().requeue(unknown)).isFalse();
    assertThat(records().delete(unknown)).isFalse();
    assertThat(records().deadLetters(QUEUE, null, 10)).isEmpty();
  }

  @Test
  void theTagsOfAJobAreShownAllItsLife() {
    NewJob job = NewJobs.job().tags("a", "b:1", "c_%").build();
    insert(job);
    assertThat(job(job.id()).tags()).containsExactlyInAnyOrder("a", "b:1", "c_%");

    LeasedJob running = claimOne(engine());
    assertThat(running.tags()).containsExactlyInAnyOrder("a", "b:1", "c_%");
    settled(running, died());
    assertThat(job(job.id()).tags()).containsExactlyInAnyOrder("a", "b:1", "c_%");

    records().requeue(job.id());
    settled(claimOne(engine()), succeeded());
    assertThat(job(job.id()).tags()).containsExactlyInAnyOrder("a", "b:1", "c_%");
    assertThat(job(insertOne()).tags()).isEmpty();
  }

  @Test
  void aPendingJobIsCalledOffAtOnce() {
    JobId id = insertOne();

    assertThat(records().cancel(id)).isEqualTo(Cancellation.CANCELLED);

    assertThat(state(id)).isEqualTo(JobState.CANCELLED);
    assertThat(job(id).finishedAt()).isPresent();
    assertThat(claim(engine(), 10)).isEmpty();
  }

  @Test
  void aScheduledJobIsCalledOffAtOnce() {
    NewJob job = NewJobs.job().delay(Duration.ofHours(1)).build();
    insert(job);

    assertThat(records().cancel(job.id())).isEqualTo(Cancellation.CANCELLED);

    advance(Duration.ofHours(2));
    assertThat(claim(engine(), 10)).isEmpty();
  }

  @Test
  void aRunningJobIsAskedToEnd() {
    JobId id = insertOne();
    claimOne(engine());
    assertThat(job(id).cancelRequested()).isFalse();

    assertThat(records().cancel(id)).isEqualTo(Cancellation.REQUESTED);

    assertThat(state(id)).isEqualTo(JobState.RUNNING);
    assertThat(job(id).cancelRequested()).isTrue();
  }

  @Test
  void aJobThatWasAskedToEndMaySucceed() {
    JobId id = insertOne();
    LeasedJob running = claimOne(engine());
    records().cancel(id);

    settled(running, new Outcome.Succeeded(NewJobs.PAYLOAD));

    assertThat(state(id)).isEqualTo(JobState.SUCCEEDED);
    assertThat(records().result(id)).isPresent();
  }

  static Stream<Outcome> puttingBack() {
    return Stream.of(retry(), new Outcome.Snoozed(Duration.ofHours(1)), new Outcome.Released());
  }

  @ParameterizedTest
  @MethodSource("puttingBack")
  void aJobThatWasAskedToEndDoesNotRunAgain(Outcome outcome) {
    JobId id = insertOne();
    LeasedJob running = claimOne(engine());
    records().cancel(id);

    settled(running, outcome);

    assertThat(state(id)).isEqualTo(JobState.CANCELLED);
    assertThat(claim(engine(), 10)).isEmpty();
  }

  @Test
  void aSecondCancelSaysTheSame() {
    insertMany(2);
    EngineId engine = engine();
    LeasedJob running = claim(engine, 1).get(0);
    records().cancel(running.id());

    assertThat(records().cancel(running.id())).isEqualTo(Cancellation.REQUESTED);
    assertThat(store.renew(engine)).contains(new Mailbox(List.of(lease(running))));
  }

  @Test
  void whatHasEndedCannotBeCalledOff() {
    insertMany(3);
    List<LeasedJob> jobs = claim(engine(), 3);
    settled(jobs.get(0), succeeded());
    settled(jobs.get(1), died());
    settled(jobs.get(2), new Outcome.Cancelled());

    for (LeasedJob job : jobs) {
      JobState before = state(job.id());
      assertThat(records().cancel(job.id())).isEqualTo(Cancellation.TOO_LATE);
      assertThat(state(job.id())).isEqualTo(before);
    }
  }

  @Test
  void aRequeuedDeadJobRunsFromTheStart() {
    NewJob job = NewJobs.job().maxAttempts(1).tenant("acme").build();
    insert(job);
    settled(claimOne(engine()), retry());
    assertThat(state(job.id())).isEqualTo(JobState.DEAD);

    assertThat(records().requeue(job.id())).isTrue();

    Job found = job(job.id());
    assertThat(found.state()).isEqualTo(JobState.PENDING);
    assertThat(found.attempt()).isZero();
    assertThat(found.deadReason()).isEmpty();
    assertThat(found.finishedAt()).isEmpty();
    assertThat(records().deadLetters(QUEUE, null, 10)).isEmpty();
    LeasedJob again = claimOne(engine());
    assertThat(again.attempt()).isEqualTo(1);
    assertThat(again.tenant()).isEqualTo("acme");
    settled(again, succeeded());
    assertThat(state(job.id())).isEqualTo(JobState.SUCCEEDED);
  }

  @Test
  void aRequeuedJobIsDueAtOnce() {
    NewJob job = NewJobs.job().delay(Duration.ofDays(1)).build();
    insert(job);
    records().cancel(job.id());

    assertThat(records().requeue(job.id())).isTrue();

    assertThat(claimOne(engine()).id()).isEqualTo(job.id());
  }

  @Test
  void aRequeueKeepsTheToken() {
    JobId id = insertOne();
    LeasedJob first = claimOne(engine());
    settled(first, died());

    records().requeue(id);

    assertThat(job(id).token()).isEqualTo(lease(first).token());
    assertThat(lease(claimOne(engine())).token()).isEqualTo(lease(first).token() + 1);
  }

  @Test
  void aRequeuedJobIsNotAskedToEndAgain() {
    JobId id = insertOne();
    LeasedJob running = claimOne(engine());
    records().cancel(id);
    settled(running, new Outcome.Cancelled());

    records().requeue(id);

    EngineId engine = engine();
    LeasedJob again = claimOne(engine);
    assertThat(store.renew(engine)).contains(new Mailbox(List.of()));
    settled(again, retry());
    assertThat(state(id)).isEqualTo(JobState.PENDING);
  }

  @Test
  void aDeadLetterHasAllItTakesToRunItAgain() {
    Payload payload = new Payload("cbor", new byte[] {0, 1, (byte) 0xff});
    NewJob job = NewJobs.job().payload(payload).build();
    insert(job);
    settled(claimOne(engine()), retry());
    Failure last = new Failure("com.example.Last", "the last", "at Last.java");
    settled(claimOne(engine()), new Outcome.Dead(DeadReason.NON_RETRYABLE, last));

    DeadLetter letter = records().deadLetters(QUEUE, null, 10).get(0);

    assertThat(letter.id()).isEqualTo(job.id());
    assertThat(letter.type()).isEqualTo(NewJobs.TYPE);
    assertThat(letter.queue()).isEqualTo(QUEUE);
    assertThat(letter.reason()).isEqualTo(DeadReason.NON_RETRYABLE);
    assertThat(letter.failure()).isEqualTo(last);
    assertThat(letter.attempt()).isEqualTo(2);
    assertThat(letter.codec()).isEqualTo("cbor");
    assertThat(letter.payload()).isEqualTo(payload.bytes());
    assertThat(letter.origin()).isEmpty();
  }

  /** Unsigned, as SQL orders a UUID: half of these have the highest bit set. */
  @Test
  void deadLettersComeInOrderOfTheirIds() {
    List<JobId> ids =
        Stream.of("00", "7f", "80", "c0", "ff")
            .map(start -> JobId.parse(start + "000000-0000-4000-8000-000000000001"))
            .toList();
    for (int i : new int[] {3, 0, 4, 2, 1}) {
      insert(NewJobs.job().id(ids.get(i)).build());
    }
    claim(engine(), 5).forEach(job -> settled(job, died()));

    assertThat(records().deadLetters(QUEUE, null, 10).stream().map(DeadLetter::id))
        .containsExactlyElementsOf(ids);
  }

  @Test
  void deadLettersAreReadInPages() {
    List<JobId> ids = insertMany(5).stream().sorted().toList();
    claim(engine(), 5).forEach(job -> settled(job, died()));

    assertThat(records().deadLetters(QUEUE, null, 2).stream().map(DeadLetter::id))
        .containsExactly(ids.get(0), ids.get(1));
    assertThat(records().deadLetters(QUEUE, ids.get(1), 2).stream().map(DeadLetter::id))
        .containsExactly(ids.get(2), ids.get(3));
    assertThat(records().deadLetters(QUEUE, ids.get(3), 2).stream().map(DeadLetter::id))
        .containsExactly(ids.get(4));
    assertThat(records().deadLetters(QUEUE, ids.get(4), 2)).isEmpty();
  }

  @Test
  void deadLettersOfOtherQueuesAreNotShown() {
    insertOne();
    settled(claimOne(engine()), died());

    assertThat(records().deadLetters(JobQueue.of("other"), null, 10)).isEmpty();
    assertThat(records().deadLetters(JobQueue.of("TCK"), null, 10)).isEmpty();
  }

  @Test
  void aDeletedJobLeavesNothingBehind() {
    insertMany(2);
    List<LeasedJob> jobs = claim(engine(), 2);
    settled(jobs.get(0), died());
    settled(jobs.get(1), new Outcome.Succeeded(NewJobs.PAYLOAD));

    for (LeasedJob job : jobs) {
      assertThat(records().delete(job.id())).isTrue();
      assertThat(records().find(job.id())).isEmpty();
      assertThat(records().attempts(job.id())).isEmpty();
      assertThat(records().result(job.id())).isEmpty();
      assertThat(records().delete(job.id())).isFalse();
    }
    assertThat(records().deadLetters(QUEUE, null, 10)).isEmpty();
    assertThat(records().count(QUEUE).values().stream().mapToLong(n -> n).sum()).isZero();
  }

  @Test
  void failedAttemptsComeInTheirOrder() {
    JobId id = insertOne();
    EngineId engine = engine();
    for (int i = 1; i <= 5; i++) {
      settled(
          claimOne(engine), new Outcome.Retry(Duration.ZERO, new Failure("E", "attempt " + i, "")));
    }
    settled(claimOne(engine), succeeded());

    List<AttemptRecord> attempts = records().attempts(id);

    assertThat(attempts).extracting(AttemptRecord::attempt).containsExactly(1, 2, 3, 4, 5);
    assertThat(attempts).extracting(AttemptRecord::token).isSorted().doesNotHaveDuplicates();
    assertThat(attempts)
        .extracting(attempt -> attempt.failure().map(Failure::message).orElse(""))
        .containsExactly("attempt 1", "attempt 2", "attempt 3", "attempt 4", "attempt 5");
  }

  @Test
  void theLastFailureIsTheNewest() {
    JobId id = insertOne();
    settled(claimOne(engine()), retry());
    Failure newest = new Failure("E", "newest", "");
    settled(claimOne(engine()), new Outcome.Retry(Duration.ZERO, newest));

    assertThat(job(id).lastFailure()).contains(newest);
  }

  @Test
  void countsTellEveryState() {
    insertMany(7);
    insert(NewJobs.job().delay(Duration.ofDays(1)).build());
    insert(NewJobs.job().queue(JobQueue.of("other")).build());
    List<LeasedJob> jobs = claim(engine(), 6);
    settled(jobs.get(0), succeeded());
    settled(jobs.get(1), succeeded());
    settled(jobs.get(2), died());
    settled(jobs.get(3), new Outcome.Cancelled());

    Map<JobState, Long> counts = records().count(QUEUE);

    assertThat(counts)
        .containsEntry(JobState.PENDING, 2L)
        .containsEntry(JobState.RUNNING, 2L)
        .containsEntry(JobState.SUCCEEDED, 2L)
        .containsEntry(JobState.DEAD, 1L)
        .containsEntry(JobState.CANCELLED, 1L);
    assertThat(records().count(JobQueue.of("empty")).values().stream().mapToLong(n -> n).sum())
        .isZero();
  }

  @Test
  void whatManyJobsHaveLeftIsReadAtOnce() {
    NewJob left = NewJobs.job().tenant("acme").build();
    insert(left);
    Payload value = new Payload("json", "[1]".getBytes(UTF_8));
    settled(claimOne(engine()), new Outcome.Succeeded(value));
    JobId nothing = insertOne();
    settled(claimOne(engine()), succeeded());
    JobId dead = insertOne();
    settled(claimOne(engine()), new Outcome.Dead(DeadReason.REJECTED, FAILURE));
    JobId waiting = insertOne();
    JobId unknown = new JobId(UUID.randomUUID());

    Map<JobId, KeptResult> found = new HashMap<>();
    records()
        .results(List.of(left.id(), nothing, unknown, dead, waiting))
        .forEach(result -> found.put(result.id(), result));

    assertThat(found).containsOnlyKeys(left.id(), nothing, dead, waiting);
    assertThat(found.get(left.id()).value().bytes()).isEqualTo(value.bytes());
    assertThat(found.get(left.id()).value().codec()).isEqualTo("json");
    assertThat(found.get(left.id()).type()).isEqualTo(NewJobs.TYPE);
    assertThat(found.get(left.id()).tenant()).isEqualTo("acme");
    assertThat(found.get(left.id()).state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(found.get(nothing)).isEqualTo(result(nothing, JobState.SUCCEEDED));
    assertThat(found.get(dead)).isEqualTo(result(dead, JobState.DEAD));
    assertThat(found.get(waiting)).isEqualTo(result(waiting, JobState.PENDING));
    assertThat(records().results(List.of())).isEmpty();
  }

  private static KeptResult result(JobId id, JobState state) {
    return new KeptResult(id, NewJobs.TYPE, null, state, null);
  }
}
