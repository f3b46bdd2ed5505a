package dev.jobs4j.core.memory;

import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.JobNotes;
import dev.jobs4j.spi.KeptStep;
import dev.jobs4j.spi.TokenLease;
import java.util.Optional;

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
          Row row = tables.rows.get(lease.id());
          if (row == null || row.state != JobState.RUNNING || row.token != lease.token()) {
            return false;
          }
          row.keep(step);
          return true;
        });
  }
}
