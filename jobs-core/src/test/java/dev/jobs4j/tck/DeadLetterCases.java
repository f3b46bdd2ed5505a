package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.DeadLetterFilter;
import dev.jobs4j.api.DeadLetterGroup;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.Priority;
import dev.jobs4j.api.Redriven;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Payload;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is seen of dead letters, and what is done to them. */
abstract class DeadLetterCases extends LetterCases {

  @Test
  void aLetterIsFoundByItsJob() {
    JobId id = dead(NewJobs.job().typeVersion(3).tenant("acme").tags("a", "b:1"));

    DeadLetter letter = letters().find(id).orElseThrow();

    assertThat(letter.id()).isEqualTo(id);
    assertThat(letter.typeVersion()).isEqualTo(3);
    assertThat(letter.tenant()).contains("acme");
    assertThat(letter.tags()).containsExactlyInAnyOrder("a", "b:1");
    assertThat(letter.fingerprint()).isEqualTo(FAILURE.fingerprint());
    assertThat(letters().find(insertOne())).isEmpty();
    assertThat(letters().find(new JobId(UUID.randomUUID()))).isEmpty();
  }

  @Test
  void everyWayToDieLeavesAFingerprint() {
    NewJob last = NewJobs.job().maxAttempts(1).build();
    insert(last);
    settled(claimOne(engine()), retry());

    assertThat(letters().find(last.id()).orElseThrow().fingerprint())
        .isEqualTo(FAILURE.fingerprint());
  }

  @Test
  void aFilterMeansWhatMatchesAllOfIt() {
    JobId id = dead(NewJobs.job().type("a").tenant("acme").tags("x", "y"));
    DeadLetter letter = letters().find(id).orElseThrow();
    DeadLetterFilter all = DeadLetterFilter.all();
    Instant died = letter.diedAt();

    for (DeadLetterFilter hit :
        List.of(
            all,
            all.queue(QUEUE),
            all.type("a"),
            all.tenant("acme"),
            all.reason(DeadReason.REJECTED),
            all.fingerprint(letter.fingerprint()),
            all.errorClass(FAILURE.errorClass()),
            all.tag("x"),
            all.tag("y"),
            all.diedFrom(died),
            all.diedBefore(died.plusNanos(1_000)),
            all.queue(QUEUE).type("a").tenant("acme").tag("x").diedFrom(died))) {
      assertThat(letters().ids(hit, null, 10)).containsExactly(id);
      assertThat(letters().list(hit, null, 10)).extracting(DeadLetter::id).containsExactly(id);
    }
    for (DeadLetterFilter miss :
        List.of(
            all.queue("other"),
            all.type("A"),
            all.tenant("Acme"),
            all.reason(DeadReason.EXPIRED),
            all.fingerprint("0000000000000000"),
            all.errorClass("java.io.ioexception"),
            all.tag("X"),
            all.tag("%"),
            all.tag("_"),
            all.diedFrom(died.plusNanos(1_000)),
            all.diedBefore(died),
            all.queue(QUEUE).type("b"))) {
      assertThat(letters().ids(miss, null, 10)).isEmpty();
      assertThat(letters().list(miss, null, 10)).isEmpty();
    }
  }

  @Test
  void aTagIsLookedForLiterally() {
    JobId id = dead(NewJobs.job().tags("c_%", "50!"));

    assertThat(letters().ids(DeadLetterFilter.all().tag("c_%"), null, 10)).containsExactly(id);
    assertThat(letters().ids(DeadLetterFilter.all().tag("50!"), null, 10)).containsExactly(id);
    assertThat(letters().ids(DeadLetterFilter.all().tag("cx%"), null, 10)).isEmpty();
    assertThat(letters().ids(DeadLetterFilter.all().tag("c_"), null, 10)).isEmpty();
  }

  @Test
  void whatWaitsOrRunsIsNoLetter() {
    insertMany(2);
    claim(engine(), 1);
    List<LeasedJob> rest = claim(engine(), 1);
    settled(rest.get(0), succeeded());

    assertThat(letters().ids(DeadLetterFilter.all(), null, 10)).isEmpty();
  }

  @Test
  void lettersOfAllQueuesComeInPagesByTheirIds() {
    List<JobId> ids =
        Stream.of("00", "7f", "80", "c0", "ff")
            .map(start -> JobId.parse(start + "000000-0000-4000-8000-000000000001"))
            .toList();
    for (int i : new int[] {3, 0, 4, 2, 1}) {
      dead(NewJobs.job().id(ids.get(i)).queue(JobQueue.of("q" + i % 2)));
    }
    DeadLetterFilter all = DeadLetterFilter.all();

    assertThat(letters().ids(all, null, 10)).containsExactlyElementsOf(ids);
    assertThat(letters().ids(all, null, 2)).containsExactly(ids.get(0), ids.get(1));
    assertThat(letters().ids(all, ids.get(1), 2)).containsExactly(ids.get(2), ids.get(3));
    assertThat(letters().ids(all, ids.get(4), 2)).isEmpty();
    assertThat(letters().ids(all.queue("q1"), ids.get(1), 2)).containsExactly(ids.get(3));
  }

  @Test
  void lettersAreGroupedByTheirCause() {
    Failure other = new Failure("E", "one", "at com.acme.Bank.pay(Bank.java:1)");
    Failure same = new Failure("E", "two", "at com.acme.Bank.pay(Bank.java:9)");
    JobId first = dead(NewJobs.job(), other);
    advance(Duration.ofMinutes(1));
    JobId last = dead(NewJobs.job().queue(JobQueue.of("other")), same);
    dead(NewJobs.job(), FAILURE);

    List<DeadLetterGroup> groups = letters().groups(DeadLetterFilter.all(), 10);

    assertThat(groups).hasSize(2);
    assertThat(groups.get(0).fingerprint()).isEqualTo(other.fingerprint());
    assertThat(groups.get(0).letters()).isEqualTo(2);
    assertThat(groups.get(0).firstDiedAt()).isEqualTo(diedAt(first));
    assertThat(groups.get(0).lastDiedAt()).isEqualTo(diedAt(last));
    assertThat(groups.get(0).sample()).isEqualTo(last);
    assertThat(groups.get(0).failure()).isEqualTo(same);
    assertThat(groups.get(1).letters()).isEqualTo(1);
    assertThat(letters().groups(DeadLetterFilter.all(), 1)).hasSize(1);
    assertThat(letters().groups(DeadLetterFilter.all().queue(QUEUE), 10))
        .allSatisfy(group -> assertThat(group.letters()).isEqualTo(1));
  }

  private Instant diedAt(JobId id) {
    return letters().find(id).orElseThrow().diedAt();
  }

  @Test
  void redrivenLettersWaitForTheirTurn() {
    JobId one = dead(NewJobs.job());
    JobId two = dead(NewJobs.job());
    Map<JobId, Duration> delays = new LinkedHashMap<>();
    delays.put(two, Duration.ZERO);
    delays.put(one, Duration.ofMinutes(1));

    Redriven redriven = letters().redrive(delays, OPERATOR);

    assertThat(redriven.jobs()).containsExactly(two, one);
    assertThat(redriven.blocked()).isEmpty();
    assertThat(letters().ids(DeadLetterFilter.all(), null, 10)).isEmpty();
    assertThat(claimOne(engine()).id()).isEqualTo(two);
    advance(Duration.ofMinutes(1));
    assertThat(claimOne(engine()).id()).isEqualTo(one);
  }

  @Test
  void aRedrivenLetterRunsFromTheStart() {
    NewJob job = NewJobs.job().maxAttempts(1).build();
    insert(job);
    LeasedJob first = claimOne(engine());
    settled(first, retry());

    redrive(job.id());

    assertThat(job(job.id()).attempt()).isZero();
    assertThat(job(job.id()).deadReason()).isEmpty();
    assertThat(records().attempts(job.id())).hasSize(1);
    LeasedJob again = claimOne(engine());
    assertThat(lease(again).token()).isEqualTo(lease(first).token() + 1);
    assertThat(again.attempt()).isEqualTo(1);
  }

  @Test
  void aLetterThatDiesAgainHasTheNewCause() {
    JobId id = dead(NewJobs.job());
    redrive(id);
    Failure newer = new Failure("Newer", "", "");
    settled(claimOne(engine()), new Outcome.Dead(DeadReason.EXHAUSTED, newer));

    assertThat(letters().find(id).orElseThrow().fingerprint()).isEqualTo(newer.fingerprint());
  }

  @Test
  void onlyLettersAreRedriven() {
    JobId pending = insertOne();
    LeasedJob job = claimOne(engine());
    settled(job, succeeded());
    JobId cancelled = insertOne();
    records().cancel(cancelled);

    Redriven redriven =
        letters()
            .redrive(
                Map.of(
                    pending,
                    Duration.ZERO,
                    cancelled,
                    Duration.ZERO,
                    new JobId(UUID.randomUUID()),
                    Duration.ZERO),
                OPERATOR);

    assertThat(redriven.jobs()).isEmpty();
    assertThat(redriven.blocked()).isEmpty();
    assertThat(state(pending)).isEqualTo(JobState.SUCCEEDED);
    assertThat(state(cancelled)).isEqualTo(JobState.CANCELLED);
    assertThat(letters().audit(null, Long.MAX_VALUE, 10)).isEmpty();
  }

  @Test
  void aLetterWhoseKeyIsTakenStaysAndIsNamed() {
    JobId old = dead(NewJobs.job().key("k"));
    insert(NewJobs.job().key("k").delay(Duration.ofDays(1)).build());
    JobId free = dead(NewJobs.job());

    Redriven redriven =
        letters().redrive(Map.of(old, Duration.ZERO, free, Duration.ZERO), OPERATOR);

    assertThat(redriven.jobs()).containsExactly(free);
    assertThat(redriven.blocked()).containsExactly(old);
    assertThat(state(old)).isEqualTo(JobState.DEAD);
    assertThat(letters().audit(old, Long.MAX_VALUE, 10)).isEmpty();
  }

  @Test
  void anEditedLetterRunsWithTheNewPayload() {
    JobId id = dead(NewJobs.job());
    Payload mended = new Payload("cbor", new byte[] {1, 2, 3});

    assertThat(letters().edit(id, mended, 7, OPERATOR)).isTrue();

    DeadLetter letter = letters().find(id).orElseThrow();
    assertThat(letter.payload()).isEqualTo(mended.bytes());
    assertThat(letter.codec()).isEqualTo("cbor");
    assertThat(letter.typeVersion()).isEqualTo(7);
    assertThat(state(id)).isEqualTo(JobState.DEAD);
    redrive(id);
    LeasedJob again = store.claim(claimOf(engine(), 10, Map.of(NewJobs.TYPE, 7))).get(0);
    assertThat(again.payload().bytes()).isEqualTo(mended.bytes());
    assertThat(again.payload().codec()).isEqualTo("cbor");
    assertThat(again.typeVersion()).isEqualTo(7);
  }

  @Test
  void onlyLettersAreEdited() {
    JobId pending = insertOne();

    assertThat(letters().edit(pending, new Payload("x", new byte[1]), 1, OPERATOR)).isFalse();

    assertThat(claimOne(engine()).payload().codec()).isEqualTo(NewJobs.PAYLOAD.codec());
    assertThat(letters().audit(null, Long.MAX_VALUE, 10)).isEmpty();
  }

  @Test
  void aDiscardedLetterIsGone() {
    JobId id = dead(NewJobs.job().key("k"));
    JobId other = dead(NewJobs.job());
    JobId pending = insertOne();

    assertThat(letters().discard(List.of(id, pending), OPERATOR)).containsExactly(id);

    assertThat(records().find(id)).isEmpty();
    assertThat(records().attempts(id)).isEmpty();
    assertThat(letters().ids(DeadLetterFilter.all(), null, 10)).containsExactly(other);
    assertThat(state(pending)).isEqualTo(JobState.PENDING);
    assertThat(letters().discard(List.of(id), OPERATOR)).isEmpty();
  }

  @Test
  void aDiscardedLetterTakesItsChildrenAlong() {
    assumeTrue(can(Capability.ANY_END), "takes no children along");
    JobId parent = dead(NewJobs.job());
    NewJob child = NewJobs.job().after(parent).build();
    insert(child);
    assertThat(state(child.id())).isEqualTo(JobState.PENDING);

    letters().discard(List.of(parent), OPERATOR);

    assertThat(state(child.id())).isEqualTo(JobState.CANCELLED);
  }

  @Test
  void onlyWhatHasEndedHasContentToRunAgain() {
    NewJob job =
        NewJobs.job()
            .typeVersion(2)
            .priority(Priority.HIGH)
            .maxAttempts(4)
            .tenant("acme")
            .tags("t")
            .headers(Map.of("h", "v"))
            .key("k")
            .expireAfterIf(can(Capability.EXPIRY), Duration.ofDays(1))
            .build();
    insert(job);
    assertThat(records().content(job.id())).isEmpty();
    LeasedJob running = store.claim(claimOf(engine(), 10, Map.of(NewJobs.TYPE, 2))).get(0);
    assertThat(records().content(job.id())).isEmpty();
    settled(running, succeeded());

    NewJob content = records().content(job.id()).orElseThrow();

    assertThat(content.id()).isEqualTo(job.id());
    assertThat(content.type()).isEqualTo(NewJobs.TYPE);
    assertThat(content.typeVersion()).isEqualTo(2);
    assertThat(content.queue()).isEqualTo(QUEUE);
    assertThat(content.payload().codec()).isEqualTo(NewJobs.PAYLOAD.codec());
    assertThat(content.payload().bytes()).isEqualTo(NewJobs.PAYLOAD.bytes());
    assertThat(content.priority()).isEqualTo(Priority.HIGH);
    assertThat(content.maxAttempts()).isEqualTo(4);
    assertThat(content.tenant()).isEqualTo("acme");
    assertThat(content.tags()).containsExactly("t");
    assertThat(content.headers()).containsExactly(Map.entry("h", "v"));
    assertThat(content.uniqueKey()).isNull();
    assertThat(content.expires()).isNull();
    assertThat(records().content(dead(NewJobs.job()))).isPresent();
    assertThat(records().content(new JobId(UUID.randomUUID()))).isEmpty();
  }
}
