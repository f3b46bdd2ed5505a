package dev.jobs4j.core.memory;

import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.JobNotes;
import dev.jobs4j.spi.KeptStep;
import dev.jobs4j.spi.Report;
import dev.jobs4j.spi.TokenLease;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What running attempts have written down; it stands in the rows of their jobs. */
final class MemoryNotes implements JobNotes {

  private final InMemoryJobStore store;
  private final Tables tables;

  MemoryNotes(InMemoryJobStore store, Tables tables) {
    this.store = store;
    this.tables = tables;
  }

  @Override
  public Optional<KeptStep> step(JobId job, String name) {
    return store.locked(() -> Optional.ofNullable(tables.rows.get(job)).map(row -> row.step(name)));
  }

  @Override
  public boolean keep(TokenLease lease, KeptStep step) {
    return store.locked(
        () -> {
          Row row = held(lease);
          if (row != null) {
            row.keep(step);
          }
          return row != null;
        });
  }

  private @Nullable Row held(TokenLease lease) {
    Row row = tables.rows.get(lease.id());
    return row == null || row.state != JobState.RUNNING || row.token != lease.token() ? null : row;
  }

  @Override
  public Set<TokenLease> report(List<Report> reports, int keep, boolean patient) {
    return store.locked(
        () -> {
          Set<TokenLease> written = new HashSet<>();
          for (Report report : reports) {
            Row row = held(report.lease());
            if (row != null) {
              row.said().write(report, row.attempt, keep, store.now());
              written.add(report.lease());
            }
          }
          return written;
        });
  }
}
