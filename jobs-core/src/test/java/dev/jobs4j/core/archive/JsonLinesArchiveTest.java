package dev.jobs4j.core.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.jobs4j.api.AttemptRecord;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.Fifo;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.LimitKey;
import dev.jobs4j.spi.ArchivedJob;
import dev.jobs4j.spi.Payload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonLinesArchiveTest {

  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final Failure FAILURE = new Failure("java.io.IOException", "no route", "at X");
  private static final String FIRST = "jobs-2026-11-22-001.jsonl";

  @TempDir Path folder;

  private static ArchivedJob job(Instant at, byte[] payload) {
    Job job =
        Job.builder(new JobId(UUID.randomUUID()), "mail", JobQueue.of("mails"), JobState.DEAD)
            .counts(3, 0, 7)
            .times(NOON, NOON.minusSeconds(60), NOON.plusSeconds(1))
            .tenant("acme")
            .tags(Set.of("b", "a"))
            .typeVersion(2)
            .limits(Set.of(LimitKey.parse("smtp/b"), LimitKey.parse("smtp/a")))
            .fifo(new Fifo("order-7", Fifo.OnDead.SKIP))
            .failure(DeadReason.EXHAUSTED, FAILURE)
            .build();
    return new ArchivedJob(
        job,
        new Payload("json", payload),
        Map.of("trace", "1"),
        null,
        List.of(new AttemptRecord(2, 5, NOON, FAILURE), new AttemptRecord(3, 7, NOON, null)),
        "topic/0/42",
        at);
  }

  private static List<ArchivedJob> jobs(int count) {
    return IntStream.range(0, count)
        .mapToObj(n -> job(NOON, "{}".getBytes(StandardCharsets.UTF_8)))
        .toList();
  }

  private List<JsonNode> lines(String file) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readString(folder.resolve(file)).split("\n")) {
      lines.add(new ObjectMapper().readTree(line));
    }
    return lines;
  }

  private List<String> files() throws IOException {
    try (var files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith("jsonl"))
          .sorted()
          .toList();
    }
  }

  @Test
  void aLineSaysAllThatIsKnown() throws IOException {
    ArchivedJob job = job(NOON, "{\n \"to\": \"жена\"}".getBytes(StandardCharsets.UTF_8));
    try (JsonLinesArchive archive = JsonLinesArchive.in(folder)) {
      archive.keep(List.of(job));
    }
    assertThat(lines(FIRST)).hasSize(1);
    JsonNode line = lines(FIRST).get(0);
    assertThat(line.path("id").asText()).isEqualTo(job.job().id().toString());
    assertThat(line.path("token").asLong()).isEqualTo(7);
    assertThat(line.path("state").asText()).isEqualTo("DEAD");
    assertThat(line.path("type").asText()).isEqualTo("mail");
    assertThat(line.path("typeVersion").asInt()).isEqualTo(2);
    assertThat(line.path("limits"))
        .extracting(JsonNode::asText)
        .containsExactly("smtp/a", "smtp/b");
    assertThat(line.path("fifo").path("key").asText()).isEqualTo("order-7");
    assertThat(line.path("fifo").path("onDead").asText()).isEqualTo("SKIP");
    assertThat(line.path("queue").asText()).isEqualTo("mails");
    assertThat(line.path("tenant").asText()).isEqualTo("acme");
    assertThat(line.path("tags").toString()).isEqualTo("[\"a\",\"b\"]");
    assertThat(line.path("headers").path("trace").asText()).isEqualTo("1");
    assertThat(line.path("origin").asText()).isEqualTo("topic/0/42");
    assertThat(line.path("createdAt").asText()).isEqualTo("2026-11-22T11:59:00Z");
    assertThat(line.path("runAt").asText()).isEqualTo("2026-11-22T12:00:00Z");
    assertThat(line.path("finishedAt").asText()).isEqualTo("2026-11-22T12:00:01Z");
    assertThat(line.path("archivedAt").asText()).isEqualTo("2026-11-22T12:00:00Z");
    assertThat(line.path("deadReason").asText()).isEqualTo("EXHAUSTED");
    assertThat(line.path("failure").path("errorClass").asText()).isEqualTo("java.io.IOException");
    assertThat(line.path("attempts")).hasSize(2);
    assertThat(line.path("attempts").get(0).path("failure").path("message").asText())
        .isEqualTo("no route");
    assertThat(line.path("attempts").get(1).has("failure")).isFalse();
    assertThat(line.path("payload").path("codec").asText()).isEqualTo("json");
    assertThat(line.path("payload").path("text").asText().getBytes(StandardCharsets.UTF_8))
        .isEqualTo(job.payload().bytes());
    assertThat(line.has("result")).isFalse();
  }

  @Test
  void bytesThatAreNoTextAreWrittenInBase64() throws IOException {
    byte[] bytes = {(byte) 0xFF, 0, 10};
    try (JsonLinesArchive archive = JsonLinesArchive.in(folder)) {
      archive.keep(List.of(job(NOON, bytes)));
    }
    assertThat(lines(FIRST).get(0).path("payload").path("base64").binaryValue()).isEqualTo(bytes);
  }

  @Test
  void payloadsMayBeLeftOut() throws IOException {
    try (JsonLinesArchive archive = JsonLinesArchive.builder(folder).withoutPayloads().open()) {
      archive.keep(jobs(1));
    }
    assertThat(lines(FIRST).get(0).has("payload")).isFalse();
  }

  @Test
  void halfACharacterStopsNothing() throws IOException {
    ArchivedJob job = jobs(1).get(0);
    Map<String, String> headers = Map.of("cut", "cut \uD83D");
    try (JsonLinesArchive archive = JsonLinesArchive.in(folder)) {
      archive.keep(
          List.of(new ArchivedJob(job.job(), job.payload(), headers, null, List.of(), null, NOON)));
    }
    assertThat(lines(FIRST).get(0).path("headers").path("cut").asText()).isEqualTo("cut ?");
  }

  @Test
  void aNewDayAndAFullFileBeginAnother() throws IOException {
    try (JsonLinesArchive archive = JsonLinesArchive.builder(folder).maxFileBytes(10).open()) {
      archive.keep(jobs(3));
      archive.keep(jobs(2));
      archive.keep(List.of(job(NOON.plus(Duration.ofDays(1)), new byte[0])));
    }
    assertThat(files())
        .containsExactly(FIRST, "jobs-2026-11-22-002.jsonl", "jobs-2026-11-23-001.jsonl");
    assertThat(lines(FIRST)).as("a batch is never parted").hasSize(3);
    assertThat(lines("jobs-2026-11-22-002.jsonl")).hasSize(2);
  }

  @Test
  void theNextStartGoesOnInTheFileOfTheDay() throws IOException {
    try (JsonLinesArchive archive = JsonLinesArchive.in(folder)) {
      archive.keep(jobs(2));
    }
    try (JsonLinesArchive archive = JsonLinesArchive.in(folder)) {
      archive.keep(jobs(1));
      archive.close();
      archive.keep(jobs(1)); // opens it again
    }
    assertThat(files()).containsExactly(FIRST);
    assertThat(lines(FIRST)).hasSize(4);
  }

  @Test
  void aTornLineIsCutOffAtTheNextStart() throws IOException {
    try (JsonLinesArchive archive = JsonLinesArchive.in(folder)) {
      archive.keep(jobs(2));
    }
    String torn = "{\"id\":\"" + "x".repeat(200_000);
    Files.writeString(folder.resolve(FIRST), torn, StandardOpenOption.APPEND);
    Files.writeString(folder.resolve("jobs-2026-11-21-007.jsonl"), "{\"a\":");
    try (JsonLinesArchive archive = JsonLinesArchive.in(folder)) {
      assertThat(folder.resolve("jobs-2026-11-21-007.jsonl")).isEmptyFile();
      archive.keep(jobs(1));
    }
    assertThat(lines(FIRST)).hasSize(3);
  }

  @Test
  void aDiskThatIsFullIsToldAndLeavesNoHalfLine() throws IOException {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "no disk that is always full");
    Files.createSymbolicLink(folder.resolve(FIRST), full);
    try (JsonLinesArchive archive = JsonLinesArchive.in(folder)) {
      assertThatThrownBy(() -> archive.keep(jobs(2)))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining(folder.toString())
          .hasMessageContaining("archive");
      Files.delete(folder.resolve(FIRST)); // somebody made room
      archive.keep(jobs(2));
    }
    assertThat(lines(FIRST)).hasSize(2);
  }

  @Test
  void whatWasWrittenOfABatchIsTakenBack() throws IOException {
    ArchivedJob good = jobs(1).get(0);
    try (JsonLinesArchive archive = JsonLinesArchive.in(folder)) {
      archive.keep(List.of(good));
      List<ArchivedJob> batch = new ArrayList<>(jobs(2));
      batch.add(null);
      assertThatThrownBy(() -> archive.keep(batch)).isInstanceOf(NullPointerException.class);
      archive.keep(List.of(good));
    }
    assertThat(lines(FIRST)).hasSize(2);
  }

  @Test
  void aFolderIsForOneArchive() {
    try (JsonLinesArchive first = JsonLinesArchive.in(folder)) {
      assertThatThrownBy(() -> JsonLinesArchive.in(folder))
          .isInstanceOf(InvalidJobException.class)
          .hasMessageContaining("give each process a folder of its own");
      first.keep(jobs(1));
    }
    JsonLinesArchive.in(folder).close();
  }

  @Test
  void aFolderThatCannotBeUsedIsRefusedAtTheStart() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(() -> JsonLinesArchive.in(file))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("The folder of the archive cannot be used: " + file);
    assertThatThrownBy(() -> JsonLinesArchive.builder(folder).maxFileBytes(0))
        .hasMessage("maxFileBytes must be >= 1, was 0");
  }
}
