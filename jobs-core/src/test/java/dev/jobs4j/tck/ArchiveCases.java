package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jobs4j.api.AttemptRecord;
import dev.jobs4j.api.DeadLetterFilter;
import dev.jobs4j.api.Fifo;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.LimitKey;
import dev.jobs4j.api.Retention;
import dev.jobs4j.spi.ArchivedJob;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.JobArchive;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.PruneRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A job that has ended is given to the archive before it goes, whole, and stays if that fails. */
abstract class ArchiveCases extends LetterCases {

  private static final Duration DAY = Duration.ofDays(1);
  private static final Retention A_DAY = Retention.of(DAY).keep(JobState.DEAD, DAY);

  private final List<ArchivedJob> archived = Collections.synchronizedList(new ArrayList<>());
  private final List<Integer> batches = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void archives() {
    assumeTrue(can(Capability.ARCHIVE), "archives nothing");
  }

  private void archive(List<ArchivedJob> jobs) {
    batches.add(jobs.size());
    archived.addAll(jobs);
  }

  private PruneRequest request(JobArchive archive) {
    return new PruneRequest(A_DAY, archive, 100);
  }

  /** Lets all get old, then prunes it into the archive. */
  private void pruneAll() {
    advance(DAY.multipliedBy(2));
    store.prune(request(this::archive));
  }

  private List<JobId> archivedIds() {
    return archived.stream().map(entry -> entry.job().id()).toList();
  }

  private List<JobId> succeeded(int count) {
    List<JobId> ids = insertMany(count);
    claim(engine(), count).forEach(job -> settled(job, succeeded()));
    return ids;
  }

  private static void assertSame(Job archived, Job seen) {
    assertThat(archived).usingRecursiveComparison().isEqualTo(seen);
  }

  @Test
  void aJobThatSucceededIsArchivedWithItsResultAndItsFailedAttempts() {
    Payload payload = new Payload("json", "{\"a\": \"ж\"}".getBytes(StandardCharsets.UTF_8));
    NewJob job =
        NewJobs.job()
            .payload(payload)
            .tenant("acme")
            .tags("b2b")
            .headers(Map.of("trace", "1"))
            .build();
    insert(job);
    settled(claimOne(engine()), retry());
    settled(claimOne(engine()), new Outcome.Succeeded(NewJobs.PAYLOAD));
    Job seen = job(job.id());
    List<AttemptRecord> attempts = records().attempts(job.id());

    pruneAll();

    assertThat(archived).hasSize(1);
    ArchivedJob entry = archived.get(0);
    assertSame(entry.job(), seen);
    assertThat(entry.job().lastFailure()).contains(FAILURE);
    assertThat(entry.job().typeVersion()).isEqualTo(1);
    assertThat(entry.payload()).usingRecursiveComparison().isEqualTo(payload);
    assertThat(entry.headers()).containsEntry("trace", "1");
    assertThat(entry.result()).usingRecursiveComparison().isEqualTo(NewJobs.PAYLOAD);
    assertThat(entry.attempts()).hasSize(1).isEqualTo(attempts);
    assertThat(entry.archivedAt()).isAfter(seen.finishedAt().orElseThrow().plus(DAY));
    assertThat(records().find(job.id())).isEmpty();
  }

  @Test
  void aJobIsArchivedWithItsLimits() {
    assumeTrue(can(Capability.LIMITS), "keeps no limits");
    insert(NewJobs.job().limits("carrier/dhl", "tenant/acme").build());
    settled(claimOne(engine()), succeeded());
    dead(NewJobs.job().limits("carrier/ups"));

    pruneAll();

    assertThat(archived)
        .extracting(entry -> entry.job().limits())
        .containsExactlyInAnyOrder(
            Set.of(LimitKey.parse("carrier/dhl"), LimitKey.parse("tenant/acme")),
            Set.of(LimitKey.parse("carrier/ups")));
  }

  @Test
  void aJobIsArchivedWithItsLine() {
    assumeTrue(can(Capability.FIFO), "keeps no lines");
    Fifo blocks = new Fifo("order-7", Fifo.OnDead.BLOCK);
    Fifo skips = new Fifo("order-8", Fifo.OnDead.SKIP);
    insert(NewJobs.job().fifo(blocks.key(), blocks.onDead()).build());
    settled(claimOne(engine()), succeeded());
    dead(NewJobs.job().fifo(skips.key(), skips.onDead()));

    pruneAll();

    assertThat(archived)
        .extracting(entry -> entry.job().fifo().orElse(null))
        .containsExactlyInAnyOrder(blocks, skips);
  }

  @Test
  void aDeadLetterIsArchivedWithItsReason() {
    JobId id = dead(NewJobs.job());
    Job seen = job(id);

    pruneAll();

    assertThat(archived).hasSize(1);
    assertSame(archived.get(0).job(), seen);
    assertThat(archived.get(0).attempts()).hasSize(1);
    assertThat(archived.get(0).result()).isNull();
    assertThat(letters().ids(DeadLetterFilter.all(), null, 10)).isEmpty();
  }

  @Test
  void aCancelledJobIsArchived() {
    JobId id = insertOne();
    records().cancel(id);
    Job seen = job(id);

    pruneAll();

    assertThat(archivedIds()).containsExactly(id);
    assertSame(archived.get(0).job(), seen);
  }

  @Test
  void whatStaysIsNotArchived() {
    JobId old = succeeded(1).get(0);
    advance(DAY.multipliedBy(2));
    JobId young = succeeded(1).get(0);
    JobId pending = insertOne();

    store.prune(request(this::archive));

    assertThat(archivedIds()).containsExactly(old);
    assertThat(state(young)).isEqualTo(JobState.SUCCEEDED);
    assertThat(state(pending)).isEqualTo(JobState.PENDING);
  }

  @Test
  void theAttemptsOfEachJobAreItsOwn() {
    insertMany(3);
    claim(engine(), 3).forEach(job -> settled(job, retry()));
    claim(engine(), 3).forEach(job -> settled(job, succeeded()));
    succeeded(1);

    pruneAll();

    assertThat(archived)
        .extracting(entry -> entry.attempts().size())
        .containsExactlyInAnyOrder(1, 1, 1, 0);
  }

  @Test
  void whatAnArchiveRefusesStaysAndComesAgain() {
    List<JobId> ids = succeeded(3);
    JobId dead = dead(NewJobs.job());
    advance(DAY.multipliedBy(2));
    RuntimeException full = new IllegalStateException("the disk is full");

    assertThatThrownBy(
            () ->
                store.prune(
                    request(
                        jobs -> {
                          throw full;
                        })))
        .isSameAs(full);
    assertThat(ids).allMatch(id -> state(id) == JobState.SUCCEEDED);
    assertThat(state(dead)).isEqualTo(JobState.DEAD);

    store.prune(request(this::archive));
    assertThat(archivedIds()).contains(dead).containsAll(ids).hasSize(4);
    assertThat(ids).allMatch(id -> records().find(id).isEmpty());
  }

  @Test
  void anArchiveThatIsFullKeepsNothingElseFromGoing() {
    insert(NewJobs.job().key("k", Duration.ofHours(1)).build());
    settled(claimOne(engine()), succeeded());
    letters().discard(List.of(dead(NewJobs.job())), OPERATOR);
    advance(DAY.multipliedBy(2));

    assertThatThrownBy(
            () ->
                store.prune(
                    new PruneRequest(
                        A_DAY.keepAudit(DAY),
                        jobs -> {
                          throw new IllegalStateException("the disk is full");
                        },
                        100)))
        .isInstanceOf(IllegalStateException.class);

    assertThat(letters().audit(null, Long.MAX_VALUE, 10)).isEmpty();
  }

  @Test
  void theArchiveIsGivenBatchesOfTheLimit() {
    List<JobId> ids = succeeded(5);
    advance(DAY.multipliedBy(2));

    for (int i = 0; i < 3; i++) {
      store.prune(new PruneRequest(A_DAY, this::archive, 2));
    }

    assertThat(batches).allMatch(size -> size <= 2);
    assertThat(archivedIds()).containsExactlyInAnyOrderElementsOf(ids);
  }

  @Test
  void anArchiveWithNothingToTakeIsNotCalled() {
    succeeded(1);

    store.prune(request(this::archive));

    assertThat(batches).isEmpty();
  }

  @Test
  void pruneAndPrune() throws Exception {
    JobStore other = open();
    boolean once = can(Capability.TRANSACTIONAL_ENQUEUE); // as it has transactions
    rounds(
        () -> {
          archived.clear();
          List<JobId> ids = succeeded(20);
          advance(DAY.multipliedBy(2));
          Race.both(
              () -> store.prune(request(this::archive)), () -> other.prune(request(this::archive)));

          assertThat(archivedIds()).containsAll(ids);
          if (once) {
            assertThat(archived).hasSize(20);
          }
        });
  }
}
