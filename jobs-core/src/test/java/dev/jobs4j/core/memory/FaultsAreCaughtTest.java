package dev.jobs4j.core.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * A check is trusted after it was seen red: the contract is run against stores that each get one
 * promise wrong. Every fault must be caught, and every case must catch a fault that is pointed, one
 * that leaves most other cases green; a store that loses everything proves nothing of a case.
 */
@Tag("once")
class FaultsAreCaughtTest {

  private static final Path MAP = Path.of("target", "tck-red.tsv");

  /** Of all cases, the share that a pointed fault may turn red. */
  private static final double POINTED = 0.25;

  @Test
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  void everyFaultIsCaughtAndEveryCaseCatchesOne() throws Exception {
    Set<String> cases = new TreeSet<>();
    assertThat(redCases(new Fault("NONE", store -> store), cases)).as("without a fault").isEmpty();

    Map<String, Set<String>> redByFault = redByFault();
    Map<String, List<String>> pointedByCase = new TreeMap<>();
    cases.forEach(name -> pointedByCase.put(name, new ArrayList<>()));
    redByFault.forEach(
        (fault, red) -> {
          if (red.size() <= POINTED * cases.size()) {
            red.forEach(name -> pointedByCase.get(name).add(fault));
          }
        });
    write(pointedByCase, redByFault);

    assertThat(redByFault.entrySet().stream().filter(e -> e.getValue().isEmpty()))
        .as("faults that no case catches")
        .isEmpty();
    assertThat(pointedByCase.entrySet().stream().filter(e -> e.getValue().isEmpty()))
        .extracting(Map.Entry::getKey)
        .as("cases that were never red")
        .isEmpty();
  }

  static List<Fault> faults() {
    return Stream.of(
            InsertFaults.all(),
            ReplaceFaults.all(),
            ExpiryFaults.all(),
            EndingFaults.all(),
            FollowUpFaults.all(),
            BurialFaults.all(),
            TransactionFaults.all(),
            ClaimFaults.all(),
            PauseFaults.all(),
            FifoFaults.all(),
            SettleFaults.all(),
            EngineFaults.all(),
            ReapFaults.all(),
            WaitingFaults.all(),
            LimitFaults.all(),
            TurnFaults.all(),
            RecordFaults.all(),
            StandingFaults.all(),
            NoteFaults.all(),
            ResultFaults.all(),
            ReportFaults.all(),
            LetterFaults.all(),
            ScheduleFaults.all(),
            FiringFaults.all(),
            DataFaults.all(),
            KeepingFaults.all(),
            ArchiveFaults.all(),
            RaceFaults.all())
        .flatMap(List::stream)
        .toList();
  }

  private static Map<String, Set<String>> redByFault() throws Exception {
    int threads = Math.min(4, Runtime.getRuntime().availableProcessors());
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      Map<String, Future<Set<String>>> running = new LinkedHashMap<>();
      for (Fault fault : faults()) {
        Future<Set<String>> red = pool.submit(() -> redCases(fault, new TreeSet<>()));
        assertThat(running.put(fault.name(), red)).as("faults called " + fault).isNull();
      }
      Map<String, Set<String>> redByFault = new LinkedHashMap<>();
      for (Map.Entry<String, Future<Set<String>>> entry : running.entrySet()) {
        redByFault.put(entry.getKey(), entry.getValue().get());
      }
      return redByFault;
    } finally {
      pool.shutdownNow();
    }
  }

  /** Runs the contract on this fault; {@code cases} gets the names of all cases. */
  private static Set<String> redCases(Fault fault, Set<String> cases) {
    FaultySuite.use(fault);
    Set<String> red = new ConcurrentSkipListSet<>();
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request().selectors(selectClass(FaultySuite.class)).build();
    Launcher launcher = LauncherFactory.create();
    launcher.execute(
        request,
        new TestExecutionListener() {
          @Override
          public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            String name = name(test);
            if (name != null) {
              cases.add(name);
              if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                red.add(name);
              }
            }
          }
        });
    return red;
  }

  private static String name(TestIdentifier test) {
    return test.getSource()
        .filter(MethodSource.class::isInstance)
        .map(MethodSource.class::cast)
        .map(
            source -> source.getClassName().replaceAll(".*[.$]", "") + "." + source.getMethodName())
        .orElse(null);
  }

  private static void write(
      Map<String, List<String>> pointedByCase, Map<String, Set<String>> redByFault)
      throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add("# case\tpointed faults that turn it red");
    pointedByCase.forEach((name, faults) -> lines.add(name + "\t" + String.join(" ", faults)));
    lines.add("# fault\tred cases");
    redByFault.forEach((fault, red) -> lines.add(fault + "\t" + red.size()));
    Files.createDirectories(MAP.getParent());
    Files.writeString(MAP, lines.stream().collect(Collectors.joining("\n", "", "\n")));
  }
}
