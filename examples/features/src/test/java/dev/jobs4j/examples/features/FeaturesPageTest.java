package dev.jobs4j.examples.features;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.core.memory.InMemoryJobStore;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.store.jdbc.JdbcJobStore;
import dev.jobs4j.store.mongo.MongoJobStore;
import dev.jobs4j.transport.amqp.AmqpJobTransport;
import dev.jobs4j.transport.kafka.KafkaJobTransport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

/** docs/features.md shows what runs here, and its table is what the backends declare. */
class FeaturesPageTest {

  private static final Path HERE = Path.of("").toAbsolutePath();
  private static final Path PAGE = HERE.resolve("../../docs/features.md").normalize();
  private static final Pattern SNIPPET =
      Pattern.compile("(?ms)^ *// begin: ([\\w-]+)\\n(.*?)^ *// end$");
  private static final Pattern SHOWN =
      Pattern.compile("(?ms)^<!-- snippet: ([\\w-]+) -->\\n```java\\n(.*?)^```$");
  private static final Pattern TABLE =
      Pattern.compile("(?ms)^<!-- table: begin -->\\n(.*?)^<!-- table: end -->$");

  @Test
  void everySnippetOfThePageRunsHereAndEverySnippetIsShown() throws IOException {
    assertThat(shown()).isEqualTo(snippets());
  }

  private static Map<String, String> shown() throws IOException {
    Map<String, String> shown = new TreeMap<>();
    Matcher matcher = SHOWN.matcher(Files.readString(PAGE));
    while (matcher.find()) {
      shown.put(matcher.group(1), matcher.group(2));
    }
    return shown;
  }

  private static Map<String, String> snippets() throws IOException {
    Map<String, String> snippets = new TreeMap<>();
    try (Stream<Path> files = Files.walk(HERE.resolve("src/test/java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith("Test.java")).toList()) {
        Matcher matcher = SNIPPET.matcher(Files.readString(file));
        while (matcher.find()) {
          assertThat(
                  snippets.put(
                      matcher.group(1), matcher.group(2).stripTrailing().stripIndent() + "\n"))
              .as("two snippets are called " + matcher.group(1))
              .isNull();
        }
      }
    }
    return snippets;
  }

  @Test
  void theTableIsWhatTheBackendsDeclare() throws IOException {
    Path made = Files.writeString(HERE.resolve("target/features-table.md"), table());
    Matcher matcher = TABLE.matcher(Files.readString(PAGE));
    assertThat(matcher.find()).as("the page has a table").isTrue();
    assertThat(matcher.group(1)).as("docs/features.md has %s", made).isEqualTo(table());
  }

  @Test
  void everyTestThatThePageNamesIsThere() throws IOException {
    Matcher named = Pattern.compile("`(\\w+)\\.(\\w+)`").matcher(Files.readString(PAGE));
    int found = 0;
    while (named.find()) {
      assertThat(sourceOf(named.group(1)))
          .as(named.group())
          .contains("void " + named.group(2) + "(");
      found++;
    }
    assertThat(found).isGreaterThan(20);
  }

  @Test
  void everyComplaintThatCanHappenHasItsRow() throws IOException {
    Matcher row = Pattern.compile("(?m)^\\| (\\d+) \\|").matcher(Files.readString(PAGE));
    List<Integer> rows = row.results().map(found -> Integer.valueOf(found.group(1))).toList();
    assertThat(rows)
        .as("11 is that there is no way back, and there is one schema")
        .isEqualTo(IntStream.rangeClosed(1, 20).filter(number -> number != 11).boxed().toList());
  }

  private static String sourceOf(String testClass) throws IOException {
    try (Stream<Path> files = Files.walk(PAGE.resolve("../..").normalize())) {
      Path file =
          files
              .filter(path -> path.toString().contains("src/test/java"))
              .filter(path -> path.getFileName().toString().equals(testClass + ".java"))
              .findFirst()
              .orElseThrow(() -> new AssertionError("no test class " + testClass));
      return Files.readString(file);
    }
  }

  private static String table() {
    Map<String, Set<Capability>> backends = new LinkedHashMap<>();
    backends.put("Memory", InMemoryJobStore.create().capabilities());
    backends.put("SQL", sql());
    backends.put("MongoDB", MongoJobStore.CAPABILITIES);
    backends.put("Kafka, direct", KafkaJobTransport.CAPABILITIES);
    backends.put("RabbitMQ, direct", AmqpJobTransport.CAPABILITIES);
    List<String> lines = new ArrayList<>();
    lines.add("| Feature | " + String.join(" | ", backends.keySet()) + " |");
    lines.add("|---|" + "---|".repeat(backends.size()));
    for (Capability capability : Capability.values()) {
      lines.add(
          "| "
              + feature(capability)
              + " | "
              + backends.values().stream()
                  .map(able -> able.contains(capability) ? "yes" : "no")
                  .collect(Collectors.joining(" | "))
              + " |");
    }
    return lines.stream().collect(Collectors.joining("\n", "", "\n"));
  }

  /** All SQL databases declare the same, says {@code CapabilitiesTest} of their module. */
  private static Set<Capability> sql() {
    JdbcDataSource dataSource = new JdbcDataSource();
    dataSource.setURL("jdbc:h2:mem:features;DB_CLOSE_DELAY=-1");
    try (JdbcJobStore store = JdbcJobStore.of(dataSource)) {
      return store.capabilities();
    }
  }

  /** A capability without words for it does not compile. */
  private static String feature(Capability capability) {
    return switch (capability) {
      case TRANSACTIONAL_ENQUEUE -> "enqueue in a transaction of the caller";
      case DELAY -> "delay, start at an instant, backoff between attempts";
      case PRIORITY -> "priority";
      case UNIQUE_KEY -> "unique key";
      case REPLACE -> "replace and debounce a waiting job";
      case EXPIRY -> "expiry before the start";
      case MAJORITY -> "durability MAJORITY¹";
      case TAGS -> "tags";
      case WAITING -> "wait for the success of other jobs";
      case ANY_END -> "wait for any end of others; cancelling takes children along";
      case FIFO -> "lines: jobs of one key one after the other";
      case FOLLOW_UP -> "follow-ups in the transaction of the success; dead-letter handlers";
      case PAUSE -> "pause a node, queue, type or tenant";
      case LIMITS -> "limits by key over all nodes: at once, and by rate";
      case FAIR_SHARE -> "fair share of the starts among tenants";
      case CANCEL -> "cancel a waiting or running job from any node";
      case RECORDS -> "find a job, its attempts, its result; requeue; why it is not running";
      case NOTES -> "durable steps; progress and log of a job";
      case SCHEDULES -> "recurring jobs";
      case ARCHIVE -> "archive of jobs before they are deleted";
      case FENCING_TOKEN -> "fencing token";
    };
  }
}
