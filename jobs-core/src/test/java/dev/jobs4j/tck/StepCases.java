package dev.jobs4j.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.Operator;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.JobNotes;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.KeptStep;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Payload;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A step that was kept is there for every later attempt, and for nobody else. */
abstract class StepCases extends StoreCases {

  @BeforeEach
  void keepsNotes() {
    assumeTrue(can(Capability.NOTES), "keeps no notes");
  }

  private JobNotes notes() {
    return notes(store);
  }

  private static JobNotes notes(JobStore node) {
    return node.notes().orElseThrow();
  }

  private static KeptStep step(String name, String value) {
    return new KeptStep(name, new Payload("json", value.getBytes(UTF_8)));
  }

  private boolean keep(LeasedJob job, KeptStep step) {
    return notes().keep(lease(job), step);
  }

  /** Keeps a step under a lease that must be held. */
  private void kept(LeasedJob job, String name, String value) {
    assertThat(keep(job, step(name, value))).as("lease held").isTrue();
  }

  /** What a step left, as text; empty if it was not done. */
  private Optional<String> value(JobId id, String name) {
    return notes().step(id, name).map(found -> new String(found.value().bytes(), UTF_8));
  }

  private LeasedJob running() {
    insertOne();
    return claimOne(engine());
  }

  @Test
  void aKeptStepIsThereForTheNextAttemptOnAnyNode() {
    LeasedJob first = running();
    kept(first, "download", "[1,2]");
    settled(first, retry());
    LeasedJob second = claimOne(engine());

    KeptStep found = notes(open()).step(second.id(), "download").orElseThrow();

    assertThat(found.name()).isEqualTo("download");
    assertThat(found.value().codec()).isEqualTo("json");
    assertThat(found.value().bytes()).isEqualTo("[1,2]".getBytes(UTF_8));
  }

  @Test
  void aStepWithoutAValueIsDoneToo() {
    LeasedJob job = running();

    assertThat(keep(job, new KeptStep("mail", null))).isTrue();

    assertThat(notes().step(job.id(), "mail")).contains(new KeptStep("mail", null));
  }

  @Test
  void anEmptyValueIsAValue() {
    LeasedJob job = running();

    kept(job, "empty", "");

    assertThat(value(job.id(), "empty")).contains("");
  }

  @Test
  void aStepThatWasNotDoneIsNotFound() {
    LeasedJob job = running();

    assertThat(notes().step(job.id(), "download")).isEmpty();
    assertThat(notes().step(new JobId(UUID.randomUUID()), "download")).isEmpty();
  }

  @Test
  void stepsBelongToTheirJob() {
    LeasedJob one = running();
    LeasedJob two = running();

    kept(one, "download", "1");

    assertThat(value(two.id(), "download")).isEmpty();
  }

  @Test
  void namesThatLookAlikeAreDifferent() {
    LeasedJob job = running();
    String longest = "n".repeat(119) + "\u00fc";

    kept(job, "step", "1");
    kept(job, "Step", "2");
    kept(job, "step ", "3");
    kept(job, "st\u00e9p", "4");
    kept(job, longest, "5");
    kept(job, "n".repeat(120), "6");

    assertThat(value(job.id(), "step")).contains("1");
    assertThat(value(job.id(), "Step")).contains("2");
    assertThat(value(job.id(), "step ")).contains("3");
    assertThat(value(job.id(), "st\u00e9p")).contains("4");
    assertThat(value(job.id(), longest)).contains("5");
    assertThat(value(job.id(), "n".repeat(120))).contains("6");
  }

  @Test
  void aValueOfAMebibyteIsKept() {
    byte[] bytes = new byte[1 << 20];
    new Random(42).nextBytes(bytes);
    LeasedJob job = running();

    assertThat(keep(job, new KeptStep("big", new Payload("bytes", bytes)))).isTrue();

    byte[] found = notes().step(job.id(), "big").orElseThrow().value().bytes();
    assertThat(Arrays.equals(found, bytes)).isTrue();
  }

  @Test
  void theFirstValueStays() {
    LeasedJob job = running();
    kept(job, "download", "first");

    assertThat(keep(job, step("download", "second"))).as("a repeat may be told so").isTrue();

    assertThat(value(job.id(), "download")).contains("first");
  }

  @Test
  void anOlderTokenKeepsNothing() {
    LeasedJob zombie = running();
    expireEngines();
    reap();
    LeasedJob successor = claimOne(engine());

    assertThat(keep(zombie, step("download", "1"))).isFalse();

    assertThat(value(successor.id(), "download")).isEmpty();
    kept(successor, "download", "2");
    assertThat(value(successor.id(), "download")).contains("2");
  }

  @Test
  void aJobThatWasTakenBackKeepsNothing() {
    LeasedJob zombie = running();
    expireEngines();
    reap();

    assertThat(keep(zombie, step("download", "1"))).isFalse();
    assertThat(value(zombie.id(), "download")).isEmpty();
  }

  @Test
  void aJobThatWaitsAgainKeepsNothing() {
    LeasedJob job = running();
    settled(job, new Outcome.Retry(Duration.ofHours(1), FAILURE));

    assertThat(keep(job, step("download", "1"))).isFalse();
    assertThat(value(job.id(), "download")).isEmpty();
  }

  @Test
  void aJobThatHasEndedKeepsNothing() {
    LeasedJob done = running();
    settled(done, succeeded());
    LeasedJob dead = running();
    settled(dead, new Outcome.Dead(DeadReason.REJECTED, FAILURE));

    assertThat(keep(done, step("download", "1"))).isFalse();
    assertThat(keep(dead, step("download", "1"))).isFalse();
    assertThat(value(done.id(), "download")).isEmpty();
    assertThat(value(dead.id(), "download")).isEmpty();
  }

  @Test
  void stepsOutliveACrash() {
    LeasedJob job = running();
    kept(job, "download", "1");
    expireEngines();
    reap();

    assertThat(claimOne(engine()).id()).isEqualTo(job.id());
    assertThat(value(job.id(), "download")).contains("1");
  }

  @Test
  void aRequeuedDeadLetterKeepsItsSteps() {
    LeasedJob job = running();
    kept(job, "download", "1");
    settled(job, new Outcome.Dead(DeadReason.REJECTED, FAILURE));

    assertThat(records().requeue(job.id())).isTrue();

    assertThat(value(job.id(), "download")).contains("1");
  }

  @Test
  void aRequeuedCancelledJobKeepsItsSteps() {
    LeasedJob job = running();
    kept(job, "download", "1");
    settled(job, new Outcome.Cancelled());

    assertThat(records().requeue(job.id())).isTrue();

    assertThat(value(job.id(), "download")).contains("1");
  }

  @Test
  void stepsGoWithAJobThatIsDeleted() {
    LeasedJob job = running();
    kept(job, "download", "1");
    settled(job, new Outcome.Dead(DeadReason.REJECTED, FAILURE));

    assertThat(records().delete(job.id())).isTrue();

    assertThat(value(job.id(), "download")).isEmpty();
  }

  @Test
  void stepsGoWithAJobThatIsPruned() {
    LeasedJob job = running();
    kept(job, "download", "1");
    settled(job, succeeded());
    advance(Duration.ofDays(2));

    prune(Duration.ofDays(1), 100);

    assertThat(value(job.id(), "download")).isEmpty();
  }

  @Test
  void aJobWithAnotherContentStartsWithoutSteps() {
    assumeTrue(can(Capability.REPLACE), "replaces no waiting jobs");
    insert(NewJobs.job().replace("k").build());
    LeasedJob job = claimOne(engine());
    kept(job, "download", "1");
    settled(job, retry());
    NewJob other =
        NewJobs.job().payload(new Payload("json", new byte[] {'1'})).replace("k").build();

    assertThat(store.insert(List.of(other)).get(0).id()).isEqualTo(job.id());

    assertThat(value(job.id(), "download")).isEmpty();
  }

  @Test
  void aDeadLetterWithAnotherPayloadStartsWithoutSteps() {
    LeasedJob job = running();
    LeasedJob other = running();
    for (LeasedJob each : List.of(job, other)) {
      kept(each, "download", "1");
      settled(each, new Outcome.Dead(DeadReason.REJECTED, FAILURE));
    }
    Operator ada = new Operator("ada", "another address");

    assertThat(records().letters().edit(job.id(), new Payload("json", new byte[] {'1'}), 1, ada))
        .isTrue();

    assertThat(value(job.id(), "download")).isEmpty();
    assertThat(value(other.id(), "download")).as("of one that was left as it is").contains("1");
  }

  /** Whoever takes the job back waits for the write, or the write is refused. */
  @Test
  void aStepIsKeptBeforeTheJobIsTakenBackOrNever() throws Exception {
    JobStore other = open();
    rounds(
        () -> {
          EngineId leaving = engine();
          insertOne();
          LeasedJob job = claimOne(leaving);
          Race.Both<Boolean, Optional<KeptStep>> both =
              Race.both(
                  () -> keep(job, step("download", "1")),
                  () -> {
                    other.retire(leaving);
                    return notes(other).step(job.id(), "download");
                  });

          assertThat(notes().step(job.id(), "download").isPresent())
              .as("what the successor was told")
              .isEqualTo(both.second().isPresent())
              .isEqualTo(both.first());
          settled(claimOne(engine()), succeeded());
        });
  }
}
