package dev.jobs4j.transport.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.JobQueue;
import dev.jobs4j.tck.CrashContract;
import dev.jobs4j.tck.EngineFixture;
import dev.jobs4j.tck.Ledger;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A worker is killed while it works four partitions on ten slots. */
class KafkaCrashTest extends CrashContract {

  private static final Logger log = LoggerFactory.getLogger(KafkaCrashTest.class);
  private static final int PARTITIONS = 4;
  private static final EngineFixture FIXTURE = new KafkaFixture(PARTITIONS);

  @Override
  protected EngineFixture fixture() {
    return FIXTURE;
  }

  /** The promise itself: what is committed has ended, although much else has ended too. */
  @Override
  protected void afterKill(JobQueue queue, List<Ledger.Line> lines) {
    int beyond = 0;
    for (int p = 0; p < PARTITIONS; p++) {
      long committed =
          KafkaBroker.shared().committed(KafkaConnector.group(Set.of(queue)), queue.name(), p);
      String prefix = "kafka:" + queue.name() + "-" + p + "@";
      TreeSet<Long> done =
          lines.stream()
              .filter(l -> l.step() == Ledger.Step.DONE && l.origin().startsWith(prefix))
              .map(l -> Long.parseLong(l.origin().substring(prefix.length())))
              .collect(Collectors.toCollection(TreeSet::new));
      assertThat(done.headSet(committed)).as("committed prefix of %s", p).hasSize((int) committed);
      beyond += done.tailSet(committed).size();
      log.info(
          "At the kill: partition={} committed={} doneBeyond={}",
          p,
          committed,
          done.tailSet(committed).size());
    }
    assertThat(beyond).as("done beyond the committed prefix").isGreaterThanOrEqualTo(5);
  }
}
