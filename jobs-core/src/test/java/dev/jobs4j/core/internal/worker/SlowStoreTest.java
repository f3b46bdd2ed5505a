package dev.jobs4j.core.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.core.EngineHealth;
import dev.jobs4j.spi.JobStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What an engine says of a store that takes its time, in made-up time. */
class SlowStoreTest {

  private final World world = new World(5);
  private final World.Node[] node = new World.Node[1];
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger(Line.class.getPackage().getName());

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(lines);
  }

  private List<String> warnings() {
    return lines.list.stream()
        .filter(line -> line.getLevel().toString().equals("WARN"))
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  /** Something happens in the middle of one of its calls. */
  private JobStore during(JobStore store, String call, Runnable event) {
    return (JobStore)
        Proxy.newProxyInstance(
            JobStore.class.getClassLoader(),
            new Class<?>[] {JobStore.class},
            (proxy, called, arguments) -> {
              try {
                Object answer = called.invoke(store, arguments);
                if (called.getName().equals(call)) {
                  event.run();
                }
                return answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Test
  void endingsThatDoNotGetThroughAreTold() {
    List<List<String>> troubles = new ArrayList<>();
    node[0] =
        world.node(
            World::nothing,
            store ->
                during(
                    store,
                    "settle",
                    () -> {
                      for (int second = 0; second < 8; second++) {
                        node[0].watch();
                        troubles.add(node[0].engine.troubles());
                        world.advance(Duration.ofSeconds(1));
                        node[0].renew();
                      }
                    }));
    JobId id = world.enqueue();
    node[0].renew();
    node[0].poll();
    node[0].handle();
    node[0].settle();
    node[0].watch();

    assertThat(troubles.subList(0, 6)).allMatch(List::isEmpty);
    assertThat(troubles.get(7))
        .containsExactly(
            "no ending of a job of store got through for 7 s: its store or broker does not answer, or"
                + " a transaction of somebody else holds one of the jobs");
    assertThat(new EngineHealth(true, troubles.get(7), 0).isUp()).isFalse();
    assertThat(warnings()).singleElement().asString().startsWith("No ending of a job gets through");
    assertThat(node[0].engine.troubles()).isEmpty();
    assertThat(lines.list)
        .extracting(ILoggingEvent::getFormattedMessage)
        .contains("Endings of jobs get through again: line=store");
    assertThat(world.store.records().find(id).orElseThrow().state()).isEqualTo(JobState.SUCCEEDED);
  }

  @Test
  void whatIsSettledWhileTheBooksAreReadIsNotCalledUnknown() {
    List<String> settled = new ArrayList<>();
    node[0] =
        world.node(
            World::nothing,
            store ->
                during(
                    store,
                    "held",
                    () -> {
                      node[0].settle();
                      settled.add("while the books were read");
                    }));
    world.enqueue();
    node[0].renew();
    node[0].poll();
    for (int i = 0; i < 4; i++) {
      world.advance(World.LEASE.renewInterval());
      node[0].renew();
    }
    node[0].handle();
    node[0].poll();

    assertThat(settled).hasSize(1);
    assertThat(warnings()).isEmpty();
  }
}
