package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.AuditEntry;
import dev.jobs4j.api.AuditEntry.Action;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.Operator;
import dev.jobs4j.spi.Payload;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is kept of what operators did. */
abstract class AuditCases extends LetterCases {

  @Test
  void everyActIsNotedWithWhoAndWhy() {
    JobId id = dead(NewJobs.job());
    Instant before = storeNow();
    letters().edit(id, new Payload("text", "secret".getBytes(StandardCharsets.UTF_8)), 2, OPERATOR);
    letters().redrive(Map.of(id, Duration.ofSeconds(5)), new Operator("bob", "again"));
    JobId other = dead(NewJobs.job());
    letters().discard(List.of(other), OPERATOR);

    List<AuditEntry> audit = letters().audit(null, Long.MAX_VALUE, 10);

    assertThat(audit)
        .extracting(AuditEntry::action)
        .containsExactly(Action.DISCARD, Action.REDRIVE, Action.EDIT);
    assertThat(audit).extracting(AuditEntry::job).containsExactly(other, id, id);
    assertThat(audit)
        .extracting(AuditEntry::operator)
        .containsExactly(OPERATOR, new Operator("bob", "again"), OPERATOR);
    assertThat(audit)
        .extracting(AuditEntry::change)
        .containsExactly(
            "died of REJECTED, java.io.IOException, fingerprint " + FAILURE.fingerprint(),
            "due after PT5S",
            "2 bytes of json, version 1 became 6 bytes of text, version 2");
    assertThat(audit)
        .extracting(AuditEntry::at)
        .allSatisfy(at -> assertThat(at).isBetween(before, before.plusSeconds(60)));
  }

  @Test
  void theAuditOfAJobOutlivesIt() {
    JobId id = dead(NewJobs.job());
    JobId other = dead(NewJobs.job());
    letters().discard(List.of(id, other), OPERATOR);

    assertThat(letters().audit(id, Long.MAX_VALUE, 10))
        .extracting(AuditEntry::job)
        .containsExactly(id);
  }

  @Test
  void theAuditIsReadInPages() {
    List<JobId> ids = Stream.generate(() -> dead(NewJobs.job())).limit(3).toList();
    ids.forEach(id -> letters().discard(List.of(id), OPERATOR));

    List<AuditEntry> first = letters().audit(null, Long.MAX_VALUE, 2);
    List<AuditEntry> second = letters().audit(null, first.get(1).number(), 2);

    assertThat(first).extracting(AuditEntry::job).containsExactly(ids.get(2), ids.get(1));
    assertThat(second).extracting(AuditEntry::job).containsExactly(ids.get(0));
    assertThat(letters().audit(ids.get(0), second.get(0).number(), 2)).isEmpty();
  }

  @Test
  void aWhyOfAnyLanguageIsKept() {
    Operator operator = new Operator("ю".repeat(120), "\uD83D\uDE00".repeat(500));
    JobId id = dead(NewJobs.job());

    letters().discard(List.of(id), operator);

    assertThat(letters().audit(id, Long.MAX_VALUE, 1).get(0).operator()).isEqualTo(operator);
  }
}
