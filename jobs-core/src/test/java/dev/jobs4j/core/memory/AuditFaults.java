package dev.jobs4j.core.memory;

import static dev.jobs4j.core.memory.Fault.recording;
import static dev.jobs4j.core.memory.LetterFaults.lettered;

import dev.jobs4j.api.AuditEntry;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.Operator;
import dev.jobs4j.spi.DeadLetterRecords;
import dev.jobs4j.spi.NewJob;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What operators did, noted or shown wrongly, and contents shown that nobody should see. */
final class AuditFaults {

  private AuditFaults() {}

  static List<Fault> all() {
    return List.of(
        auditing("AUDIT_LOST", entry -> null, false),
        auditing(
            "AUDIT_WHY_CUT_AT_100",
            e ->
                new AuditEntry(
                    e.number(),
                    e.action(),
                    e.job(),
                    new Operator(
                        e.operator().name(),
                        e.operator()
                            .why()
                            .substring(0, Math.min(100, e.operator().why().length()))),
                    e.at(),
                    e.change()),
            false),
        auditing("AUDIT_OF_ALL_JOBS", entry -> entry, true),
        lettered(
            "AUDIT_PAGES_START_AGAIN",
            (store, letters) ->
                new ForwardingLetters(letters) {
                  @Override
                  public List<AuditEntry> audit(@Nullable JobId job, long before, int limit) {
                    return super.audit(job, Long.MAX_VALUE, limit);
                  }
                }),
        lettered("AUDIT_GOES_WITH_ITS_JOB", AuditFaults::auditingKnown),
        content("CONTENT_OF_LIVE_JOBS", true),
        content("CONTENT_KEEPS_THE_KEY", false));
  }

  private static Fault auditing(
      String name, Function<AuditEntry, @Nullable AuditEntry> show, boolean all) {
    return lettered(
        name,
        (store, letters) ->
            new ForwardingLetters(letters) {
              @Override
              public List<AuditEntry> audit(@Nullable JobId job, long before, int limit) {
                return super.audit(all ? null : job, before, limit).stream()
                    .<AuditEntry>mapMulti(
                        (entry, sink) -> {
                          AuditEntry shown = show.apply(entry);
                          if (shown != null) {
                            sink.accept(shown);
                          }
                        })
                    .toList();
              }
            });
  }

  private static DeadLetterRecords auditingKnown(ForwardingStore store, DeadLetterRecords letters) {
    return new ForwardingLetters(letters) {
      @Override
      public List<AuditEntry> audit(@Nullable JobId job, long before, int limit) {
        return super.audit(job, before, limit).stream()
            .filter(entry -> store.row(entry.job()) != null)
            .toList();
      }
    };
  }

  private static Fault content(String name, boolean live) {
    return recording(
        name,
        (store, records) ->
            new ForwardingRecords(records) {
              @Override
              public Optional<NewJob> content(JobId id) {
                Row row = store.row(id);
                if (row == null || (!live && !row.state.isTerminal())) {
                  return super.content(id);
                }
                return Optional.of(row.job);
              }
            });
  }
}
