package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.Obstacle.Kind;
import dev.jobs4j.api.Pause;
import dev.jobs4j.api.Priority;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whether a job can run is a question of the nodes that are alive, too. */
abstract class ExplainNodeCases extends ExplainedCases {

  @Test
  void whatRunsIsToldWithItsNode() {
    JobId id = insertOne();
    engine();
    claimOne(engine("worker-7", Map.of(QUEUE, 1), Map.of(NewJobs.TYPE, 1)));

    assertThat(only(id).kind()).isEqualTo(Kind.RUNNING);
    assertThat(only(id).text()).contains("worker-7");
  }

  @Test
  void whatRanOnADeadNodeIsToldSo() {
    JobId id = insertOne();
    claimOne(engine());
    advance(LEASE.plusSeconds(1));
    engine();

    assertThat(only(id).kind()).isEqualTo(Kind.RUNNING);
    assertThat(only(id).text()).contains("expired").doesNotContain("none", "asked");
    records().cancel(id);
    assertThat(only(id).text()).contains("asked to end");
    advance(LEASE.plusSeconds(1));
    assertThat(only(id).text()).contains("there is none");
  }

  @Test
  void thePauseOfANodeMattersIfNoOtherCouldRunIt() {
    JobId id = insertOne();
    engine();
    Instant until = storeNow().plus(DAY);
    pause(Pause.node("node"));
    store.pauses().orElseThrow().pause(Pause.node("node"), ANN, until);

    assertThat(only(id).kind()).isEqualTo(Kind.NODE_PAUSED);
    assertThat(only(id).until()).contains(until);
    engine("other", Map.of(QUEUE, 1), Map.of("tck.other", 1));
    assertThat(kinds(id)).containsExactly(Kind.NODE_PAUSED);
    engine("another", Map.of(QUEUE, 1), Map.of(NewJobs.TYPE, 1));
    assertThat(kinds(id)).isEmpty();
  }

  @Test
  void aQueueThatNobodyWorksIsToldSo() {
    JobId id = insertOne();
    assertThat(kinds(id)).containsExactly(Kind.NO_NODE);
    engine("other", Map.of(JobQueue.of("other"), 1), Map.of(NewJobs.TYPE, 1));
    assertThat(kinds(id)).containsExactly(Kind.NO_NODE);
    assertThat(only(id).text()).contains(QUEUE.name());
  }

  @Test
  void aNodeThatIsGoneDoesNotCount() {
    JobId id = insertOne();
    EngineId leaves = engine();
    store.retire(leaves);
    assertThat(kinds(id)).containsExactly(Kind.NO_NODE);
    engine();
    assertThat(kinds(id)).isEmpty();
    advance(LEASE.plusSeconds(1));
    assertThat(kinds(id)).containsExactly(Kind.NO_NODE);
  }

  @Test
  void aTypeThatNobodyKnowsIsToldWithTheNodes() {
    JobId id = insertOne(NewJobs.job().type("tck.new"));
    engine("old-node", Map.of(QUEUE, 1), Map.of(NewJobs.TYPE, 1));
    engine("elsewhere", Map.of(JobQueue.of("other"), 1), Map.of("tck.new", 1));

    assertThat(only(id).kind()).isEqualTo(Kind.UNKNOWN_TYPE);
    assertThat(only(id).text()).contains("tck.new", "old-node").doesNotContain("elsewhere");
  }

  @Test
  void aPayloadThatIsTooNewIsToldSo() {
    JobId id = insertOne(NewJobs.job().typeVersion(3));
    engine("old-node", Map.of(QUEUE, 1), Map.of(NewJobs.TYPE, 2, "tck.other", 9));

    assertThat(only(id).kind()).isEqualTo(Kind.NEWER_VERSION);
    assertThat(only(id).text()).contains("version 3", "up to 2", "old-node");
    assertThat(job(id).typeVersion()).isEqualTo(3);
    engine("new-node", Map.of(QUEUE, 1), Map.of(NewJobs.TYPE, 3));
    assertThat(kinds(id)).isEmpty();
  }

  @Test
  void oneSuspectOfANodeWaitsForTheOther() {
    List<JobId> suspects = insertMany(2);
    claim(engine(), 2);
    expireEngines();
    reap();
    JobId running = claimOne(engine()).id();
    JobId waiting = suspects.get(1 - suspects.indexOf(running));

    assertThat(kinds(waiting)).containsExactly(Kind.SUSPECT);
    engine();
    assertThat(kinds(waiting)).as("on another node").isEmpty();
  }

  @Test
  void aSuspectRunsBesideOrdinaryJobs() {
    JobId suspect = insertOne();
    claim(engine(), 1);
    expireEngines();
    reap();
    NewJob ordinary = NewJobs.job().priority(Priority.CRITICAL).build();
    insert(ordinary);
    assertThat(claim(engine(), 1)).extracting(LeasedJob::id).containsExactly(ordinary.id());

    assertThat(kinds(suspect)).isEmpty();
  }

  @Test
  void anOrdinaryJobRunsBesideASuspect() {
    insertOne();
    claim(engine(), 1);
    expireEngines();
    reap();
    claimOne(engine());

    assertThat(kinds(insertOne())).isEmpty();
  }

  @Test
  void takenPlacesAreToldWithTheirNumber() {
    EngineId first = engine("first", Map.of(QUEUE, 2), Map.of(NewJobs.TYPE, 1));
    insertOne();
    claimOne(first);
    JobId second = insertOne();
    assertThat(kinds(second)).as("one place is free").isEmpty();
    claimOne(first);
    JobId id = insertOne();
    engine("stranger", Map.of(QUEUE, 9), Map.of("tck.other", 1));

    assertThat(only(id).kind()).isEqualTo(Kind.BUSY);
    assertThat(only(id).text()).contains("2 of 2", "first").doesNotContain("stranger");
    assertThat(explain(id).isClaimable()).isTrue();
    engine("second", Map.of(QUEUE, 1), Map.of(NewJobs.TYPE, 1));
    assertThat(kinds(id)).isEmpty();
  }
}
