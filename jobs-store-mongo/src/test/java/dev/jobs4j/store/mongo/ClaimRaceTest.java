package dev.jobs4j.store.mongo;

import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.event.CommandListener;
import com.mongodb.event.CommandSucceededEvent;
import dev.jobs4j.api.Cancellation;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.LeasedJob;
import java.util.List;
import java.util.UUID;
import org.bson.Document;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A reaper comes between the write W that takes a job and the look C at the engine's entry. The
 * driver's own listener stops the claimer there, so that each order is met for certain.
 */
class ClaimRaceTest {

  private static MongoFixture fixture;

  private final Between between = new Between();
  private MongoClient slowClient;
  private JobStore claimer;
  private JobStore other;
  private EngineId engine;
  private JobId id;

  @BeforeAll
  static void start() {
    fixture = new MongoFixture(MongoServers.any());
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  @BeforeEach
  void oneJobAndAnEngine() {
    fixture.clear();
    slowClient =
        MongoClients.create(
            MongoClientSettings.builder()
                .applyConnectionString(new ConnectionString(fixture.url()))
                .addCommandListener(between)
                .build());
    claimer = fixture.open(slowClient);
    other = fixture.open();
    engine = TestJobs.engine(other);
    id = TestJobs.id();
    other.insert(List.of(TestJobs.job(id)));
  }

  @AfterEach
  void closeClient() {
    slowClient.close();
  }

  @Test
  void aFenceBetweenTakingAndLookingGivesNothingOut() {
    between.take = () -> new Engines(fixture.areas(), fixture.clock()).fence(engine);

    assertThat(claimer.claim(TestJobs.claim(engine))).isEmpty();

    Job job = job();
    assertThat(job.state()).isEqualTo(JobState.PENDING);
    assertThat(job.attempt()).isZero();
    assertThat(job.suspect()).as("it never started").isFalse();
    assertThat(job.token()).as("a higher token than the one that was taken").isEqualTo(2);
  }

  @Test
  void aJobThatTheReaperTookIsNotTakenFromItsNextHolder() {
    EngineId next = TestJobs.engine(other);
    between.take =
        () -> {
          other.retire(engine);
          assertThat(other.claim(TestJobs.claim(next))).hasSize(1);
        };

    assertThat(claimer.claim(TestJobs.claim(engine))).isEmpty();

    assertThat(other.held(next)).hasSize(1);
    assertThat(job().state()).isEqualTo(JobState.RUNNING);
  }

  @Test
  void aCancelBetweenTakingAndGivingBackIsNotForgotten() {
    between.take =
        () -> {
          assertThat(other.records().cancel(id)).isEqualTo(Cancellation.REQUESTED);
          new Engines(fixture.areas(), fixture.clock()).fence(engine);
        };

    assertThat(claimer.claim(TestJobs.claim(engine))).isEmpty();

    assertThat(job().state()).isEqualTo(JobState.CANCELLED);
  }

  @Test
  void aClaimWhoseReplyWasLostIsNotGivenOutAfterTheFence() {
    UUID claimId = take(engine);
    new Engines(fixture.areas(), fixture.clock()).fence(engine);

    assertThat(other.claimed(engine, claimId)).isEmpty();
  }

  /** The claimer died between W and C, after a reaper had swept and forgotten its engine. */
  @Test
  void aJobOfAnEngineThatIsForgottenIsTakenBack() {
    other.retire(engine);
    assertThat(fixture.areas().engines().countDocuments()).as("engines known").isZero();
    take(engine);

    assertThat(other.reap(TestJobs.REAP).returned()).containsExactly(id);

    List<LeasedJob> again = other.claim(TestJobs.claim(TestJobs.engine(other)));
    assertThat(again).hasSize(1);
    assertThat(again.get(0).suspect()).isTrue();
    assertThat(again.get(0).attempt()).isEqualTo(1);
  }

  /** The write W of a claim, and nothing after it. */
  private UUID take(EngineId by) {
    UUID claimId = UUID.randomUUID();
    fixture
        .areas()
        .jobs()
        .updateOne(
            new Document("_id", id.value()),
            new Document(
                    "$set",
                    new Document("state", "RUNNING")
                        .append("engine", by.value())
                        .append("claimId", claimId))
                .append("$inc", new Document("token", 1L).append("attempt", 1)));
    return claimId;
  }

  private Job job() {
    return other.records().find(id).orElseThrow();
  }

  /** Runs something once, right after a job was taken, on the claimer's own thread. */
  private static final class Between implements CommandListener {
    Runnable take = () -> {};

    @Override
    public void commandSucceeded(CommandSucceededEvent event) {
      if (event.getCommandName().equals("findAndModify")) {
        Runnable once = take;
        take = () -> {};
        once.run();
      }
    }
  }
}
