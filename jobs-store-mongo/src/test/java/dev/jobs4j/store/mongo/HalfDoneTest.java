package dev.jobs4j.store.mongo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.BlockReason;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Settlement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.bson.Document;
import org.bson.types.ObjectId;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a process that died between two writes has left, and who finishes it. */
class HalfDoneTest {

  private static MongoFixture fixture;

  private JobStore store;
  private Areas areas;
  private Batches batches;

  @BeforeAll
  static void start() {
    fixture = new MongoFixture(MongoServers.any());
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  @BeforeEach
  void openEmptyStore() {
    fixture.clear();
    store = fixture.open();
    areas = fixture.areas();
    batches = new Batches(areas);
  }

  // an insert of many

  @Test
  void anUndecidedInsertIsSeenByNobody() {
    NewJob job = TestJobs.job(TestJobs.id());
    stage(job);

    assertThat(store.records().find(job.id())).isEmpty();
    assertThat(claim()).isEmpty();
    assertThat(store.records().count(TestJobs.QUEUE)).isEmpty();
  }

  @Test
  void anUndecidedInsertOfADeadProcessGoes() {
    ObjectId batch = stage(TestJobs.job(TestJobs.id()), TestJobs.job(TestJobs.id()));

    store.reap(TestJobs.REAP);
    assertThat(areas.jobs().countDocuments()).as("it may be alive").isEqualTo(2);

    fixture.advance(Duration.ofMinutes(2));
    store.reap(TestJobs.REAP);
    assertThat(areas.jobs().countDocuments()).isZero();
    assertThat(batches.commit(batch)).as("a late commit").isFalse();
  }

  @Test
  void aDecidedInsertOfADeadProcessIsFinished() {
    NewJob job = TestJobs.job(TestJobs.id());
    batches.commit(stage(job));

    store.reap(TestJobs.REAP);

    assertThat(claim()).extracting(LeasedJob::id).containsExactly(job.id());
    assertThat(areas.batches().countDocuments()).isZero();
  }

  @Test
  void aDecidedInsertIsKnownBeforeItIsFinished() {
    NewJob job = TestJobs.job(TestJobs.id());
    batches.commit(stage(job));

    assertThat(store.insert(List.of(job))).containsExactly(new Enqueued.Existing(job.id()));
    assertThat(store.records().find(job.id()).orElseThrow().state()).isEqualTo(JobState.PENDING);
  }

  @Test
  void aRepeatIsNotKeptOutByAnInsertThatNeverHappened() {
    NewJob job = TestJobs.job(TestJobs.id());
    ObjectId batch = stage(job);

    assertThat(store.insert(List.of(job))).containsExactly(new Enqueued.Created(job.id()));
    assertThat(batches.commit(batch)).as("a late commit").isFalse();
    assertThat(claim()).hasSize(1);
  }

  @Test
  void whatAnAbortedInsertStoresLateGoesToo() {
    NewJob job = TestJobs.job(TestJobs.id());
    ObjectId batch = batches.open(fixture.clock().now());
    batches.abort(batch);
    stage(batch, job);

    store.reap(TestJobs.REAP);

    assertThat(areas.jobs().countDocuments()).isZero();
  }

  @Test
  void anInsertThatIsAbortedStartsOver() {
    List<NewJob> jobs = List.of(TestJobs.job(TestJobs.id()), TestJobs.job(TestJobs.id()));
    JobInsert insert =
        new JobInsert(
            areas,
            new Batches(areas) {
              private boolean first = true;

              @Override
              boolean commit(ObjectId batch) {
                if (first) {
                  abort(batch);
                  sweep(batch);
                }
                first = false;
                return super.commit(batch);
              }
            },
            new WaitingJobs(areas),
            new UniqueKeys(areas),
            fixture.clock());

    assertThat(insert.insert(jobs)).allMatch(Enqueued.Created.class::isInstance);
    assertThat(claim()).hasSize(2);
  }

  @Test
  void aRefusedInsertLeavesNothing() {
    NewJob good = TestJobs.job(TestJobs.id());
    NewJob orphan = TestJobs.childOf(TestJobs.id());

    assertThatThrownBy(() -> store.insert(List.of(good, orphan)))
        .isInstanceOf(InvalidJobException.class);
    assertThat(areas.jobs().countDocuments()).isZero();
    assertThat(areas.batches().countDocuments()).isZero();
  }

  // jobs that wait

  @Test
  void aSuccessThatWasNotToldIsToldByTheNextReap() {
    JobId parent = insert(TestJobs.job(TestJobs.id()));
    JobId child = insert(TestJobs.childOf(parent));
    areas
        .jobs()
        .updateOne(
            new Document("_id", parent.value()),
            new Document("$set", new Document("state", "SUCCEEDED").append("unfinished", true)));

    store.reap(TestJobs.REAP);

    assertThat(claim()).extracting(LeasedJob::id).containsExactly(child);
  }

  @Test
  void aSuccessIsMarkedUntilItIsTold() {
    JobId parent = insert(TestJobs.job(TestJobs.id()));
    insert(TestJobs.childOf(parent));
    SettleUpdate dies =
        new SettleUpdate(
            areas,
            new WaitingJobs(areas) {
              @Override
              void finishParent(UUID id) {
                throw new IllegalStateException("dies here");
              }
            },
            fixture.clock());
    LeasedJob running = claim().get(0);

    assertThatThrownBy(
            () ->
                dies.settle(List.of(new Settlement(running.lease(), new Outcome.Succeeded(null)))))
        .hasMessage("dies here");
    assertThat(claim()).as("the child still waits").isEmpty();

    store.reap(TestJobs.REAP);
    assertThat(claim()).as("the child").hasSize(1);
  }

  @Test
  void aRequeuedChildThatWasNotFinishedIsReleasedByTheNextReap() {
    JobId parent = insert(TestJobs.job(TestJobs.id()));
    JobId child = insert(TestJobs.childOf(parent));
    store.records().cancel(child);
    store.settle(List.of(new Settlement(claim().get(0).lease(), new Outcome.Succeeded(null))));
    areas
        .jobs()
        .updateOne(
            new Document("_id", child.value()),
            new Document(
                "$set",
                new Document("state", "WAITING")
                    .append("waits", List.of(parent.value()))
                    .append("unfinished", true)));
    assertThat(store.records().find(child).orElseThrow().blockReason())
        .contains(BlockReason.PARENTS);

    store.reap(TestJobs.REAP);

    assertThat(claim()).extracting(LeasedJob::id).containsExactly(child);
  }

  @Test
  void aSuccessThatIsDeletedBeforeItWasToldIsToldFirst() {
    JobId parent = insert(TestJobs.job(TestJobs.id()));
    JobId child = insert(TestJobs.childOf(parent));
    areas
        .jobs()
        .updateOne(
            new Document("_id", parent.value()),
            new Document(
                "$set",
                new Document("state", "SUCCEEDED")
                    .append("finishedAt", 1L)
                    .append("unfinished", true)));

    assertThat(store.records().delete(parent)).isTrue();

    assertThat(claim()).extracting(LeasedJob::id).containsExactly(child);
  }

  // keys

  @Test
  void aDeletedJobLeavesItsKeyUntilTheWindowIsOver() {
    NewJob first = TestJobs.keyed("inv-42", Duration.ofHours(1));
    insert(first);
    store.records().cancel(first.id());
    assertThat(store.records().delete(first.id())).isTrue();
    assertThat(store.records().find(first.id())).isEmpty();

    NewJob second = TestJobs.keyed("inv-42", Duration.ZERO);
    assertThat(store.insert(List.of(second))).containsExactly(new Enqueued.Existing(first.id()));

    fixture.advance(Duration.ofHours(2));
    assertThat(store.insert(List.of(second))).containsExactly(new Enqueued.Created(second.id()));
    assertThat(areas.jobs().countDocuments()).isEqualTo(1);
  }

  private JobId insert(NewJob job) {
    assertThat(store.insert(List.of(job))).hasSize(1);
    return job.id();
  }

  private List<LeasedJob> claim() {
    return store.claim(TestJobs.claim(TestJobs.engine(store)));
  }

  /** An insert of many, up to its decision. */
  private ObjectId stage(NewJob... jobs) {
    ObjectId batch = batches.open(fixture.clock().now());
    stage(batch, jobs);
    return batch;
  }

  private void stage(ObjectId batch, NewJob... jobs) {
    for (NewJob job : jobs) {
      areas
          .jobs()
          .insertOne(
              JobDocument.of(job, fixture.clock().now(), StoredState.ENTERING)
                  .append("batch", batch));
    }
  }
}
