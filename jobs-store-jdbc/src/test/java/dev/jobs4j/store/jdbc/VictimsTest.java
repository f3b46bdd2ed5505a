package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.JobLimits;
import dev.jobs4j.api.Pauses;
import dev.jobs4j.spi.DeadLetterRecords;
import dev.jobs4j.spi.JobNotes;
import dev.jobs4j.spi.JobRecords;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.ScheduleStore;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Whatever the store is asked to do, each of its statements may be the victim of a deadlock: the
 * whole is run again and ends as if nothing had happened.
 */
class VictimsTest {

  private static final List<Databases> DATABASES =
      List.of(Databases.H2, Databases.POSTGRES_18, Databases.MARIADB);

  /** These ask the database nothing, or run in the caller's transaction, which is his to repeat. */
  private static final Set<String> WITHOUT =
      Set.of(
          "JobStore.capabilities",
          "JobStore.hasMetLimits",
          "JobStore.pauses",
          "JobStore.limits",
          "JobStore.following",
          "JobStore.records",
          "JobStore.notes",
          "JobStore.schedules",
          "JobStore.wakeUps",
          "JobStore.close",
          "JobRecords.letters",
          "JobRecords.deadLetters");

  private final Map<String, VictimWorld.Deed> deeds = new LinkedHashMap<>();

  VictimsTest() {
    new StoreDeeds(deeds).put();
    new RecordDeeds(deeds).put();
    new ScheduleDeeds(deeds).put();
  }

  @TestFactory
  Stream<DynamicTest> aVictimRunsAgainWhateverItDoes() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Databases database : DATABASES) {
      deeds.forEach(
          (name, deed) ->
              tests.add(
                  DynamicTest.dynamicTest(
                      name + " on " + database, () -> assertRunsAgain(database, deed))));
    }
    return tests.stream();
  }

  private static final Map<Databases, VictimWorld> WORLDS = new LinkedHashMap<>();

  @AfterAll
  static void close() {
    WORLDS.values().forEach(world -> world.pool.close());
    WORLDS.clear();
  }

  private static VictimWorld world(Databases database) {
    return WORLDS.computeIfAbsent(database, of -> new VictimWorld(of.open()));
  }

  private static void assertRunsAgain(Databases database, VictimWorld.Deed deed) throws Exception {
    VictimWorld world = world(database);
    Object expected = world.run(deed, 0);
    int statements = 0;
    do {
      statements++;
      assertThat(world.run(deed, statements))
          .as("victim is statement %s", statements)
          .isEqualTo(expected);
    } while (world.stumble.stumbled());
    assertThat(statements).as("at least one statement was met").isGreaterThan(1);
  }

  @Test
  void everyCallThatAsksTheDatabaseIsLookedAt() {
    Set<String> calls = new TreeSet<>();
    for (Class<?> type :
        List.of(
            JobStore.class,
            JobRecords.class,
            DeadLetterRecords.class,
            JobNotes.class,
            ScheduleStore.class,
            Pauses.class,
            JobLimits.class)) {
      Stream.of(type.getDeclaredMethods())
          .filter(method -> Modifier.isPublic(method.getModifiers()))
          .forEach(method -> calls.add(type.getSimpleName() + "." + method.getName()));
    }
    calls.removeAll(WITHOUT);
    Set<String> lookedAt = new TreeSet<>();
    deeds.keySet().forEach(name -> lookedAt.add(name.replaceAll(" .*", "")));

    assertThat(lookedAt).isEqualTo(calls);
  }
}
