package dev.jobs4j.transport.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.JobQueue;
import dev.jobs4j.tck.CrashContract;
import dev.jobs4j.tck.EngineFixture;
import dev.jobs4j.tck.Ledger;
import dev.jobs4j.transport.amqp.AmqpTransportOptions.QueueKind;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A killed worker's jobs come back from a queue of one node. */
class AmqpCrashTest extends CrashContract {

  private static final Logger log = LoggerFactory.getLogger(AmqpCrashTest.class);
  private static AmqpFixture fixture;

  @BeforeAll
  static void open() {
    fixture = new AmqpFixture(QueueKind.CLASSIC);
  }

  @AfterAll
  static void close() {
    if (fixture != null) {
      fixture.close();
    }
  }

  @Override
  protected EngineFixture fixture() {
    return fixture;
  }

  /** The promise itself: what was acknowledged had ended, in whatever order it ended. */
  @Override
  protected void afterKill(JobQueue queue, List<Ledger.Line> lines) {
    Set<Integer> unfinished = IntStream.range(0, 1_000).boxed().collect(Collectors.toSet());
    unfinished.removeAll(
        lines.stream()
            .filter(line -> line.step() == Ledger.Step.DONE)
            .map(Ledger.Line::index)
            .collect(Collectors.toSet()));
    Set<Integer> kept = fixture.indexes(queue);
    Instant end = Instant.now().plus(Site.LONG); // the broker takes a moment to notice
    while (!kept.containsAll(unfinished) && Instant.now().isBefore(end)) {
      kept = fixture.indexes(queue);
    }
    log.info(
        "At the kill: done={} kept={} doneAndNotAcknowledged={}",
        1_000 - unfinished.size(),
        kept.size(),
        kept.size() - unfinished.size());
    assertThat(kept).as("jobs the broker still has").containsAll(unfinished);
    assertThat(kept).as("acknowledgements were under way").hasSizeLessThan(1_000);
  }
}
