package dev.jobs4j.core.memory;

import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.ArchivedJob;
import dev.jobs4j.spi.JobArchive;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.PruneRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

/** What goes without its archive, or is given to it wrongly. */
final class ArchiveFaults {

  private ArchiveFaults() {}

  static List<Fault> all() {
    List<Fault> all = new ArrayList<>(entries());
    all.addAll(batches());
    Gate gate = new Gate();
    all.add(new Fault("ARCHIVED_BY_STALE_READ", good -> new ArchiveByStaleRead(good, gate)));
    return all;
  }

  /** Prunes into another archive. */
  private static Fault into(
      String name, BiFunction<ForwardingStore, JobArchive, JobArchive> change) {
    return new Fault(
        name,
        good ->
            new ForwardingStore(good) {
              @Override
              public int prune(PruneRequest request) {
                JobArchive archive = request.archive();
                return archive == null
                    ? super.prune(request)
                    : super.prune(
                        new PruneRequest(
                            request.retention(), change.apply(this, archive), request.limit()));
              }
            });
  }

  private static Fault giving(String name, UnaryOperator<List<ArchivedJob>> change) {
    return into(
        name,
        (store, archive) ->
            jobs -> {
              List<ArchivedJob> given = change.apply(jobs);
              if (!given.isEmpty()) {
                archive.keep(given);
              }
            });
  }

  private static Fault entry(String name, UnaryOperator<ArchivedJob> change) {
    return giving(name, jobs -> jobs.stream().map(change).toList());
  }

  private static Fault without(String name, JobState state) {
    return giving(
        name, jobs -> jobs.stream().filter(entry -> entry.job().state() != state).toList());
  }

  private static List<Fault> entries() {
    return List.of(
        without("DEAD_LETTERS_ARE_NOT_ARCHIVED", JobState.DEAD),
        without("CANCELLED_JOBS_ARE_NOT_ARCHIVED", JobState.CANCELLED),
        entry(
            "ARCHIVED_WITHOUT_PAYLOAD",
            e -> with(e, e.job(), new Payload("none", new byte[0]), e.headers(), e.result())),
        entry("ARCHIVED_WITHOUT_HEADERS", e -> with(e, e.job(), e.payload(), Map.of(), e.result())),
        entry("ARCHIVED_WITHOUT_LIMITS", e -> shown(e, (job, shown) -> shown.limits(Set.of()))),
        entry("ARCHIVED_WITHOUT_LINE", e -> shown(e, (job, shown) -> shown.fifo(null))),
        entry("ARCHIVED_WITHOUT_RESULT", e -> with(e, e.job(), e.payload(), e.headers(), null)),
        entry(
            "ARCHIVED_WITHOUT_REASON",
            e -> with(e, nameless(e.job()), e.payload(), e.headers(), e.result())),
        entry("ARCHIVED_WITHOUT_ATTEMPTS", e -> attempts(e, List.of(e))),
        giving(
            "ARCHIVED_WITH_ALL_ATTEMPTS",
            jobs -> jobs.stream().map(e -> attempts(e, jobs)).toList()),
        entry(
            "ARCHIVED_LONG_AGO",
            e ->
                new ArchivedJob(
                    e.job(),
                    e.payload(),
                    e.headers(),
                    e.result(),
                    e.attempts(),
                    e.origin(),
                    Instant.EPOCH)));
  }

  private static ArchivedJob with(
      ArchivedJob e, Job job, Payload payload, Map<String, String> headers, Payload result) {
    return new ArchivedJob(job, payload, headers, result, e.attempts(), e.origin(), e.archivedAt());
  }

  private static ArchivedJob shown(ArchivedJob e, BiConsumer<Job, Job.Builder> change) {
    return with(e, Fault.shown(e.job(), change), e.payload(), e.headers(), e.result());
  }

  /** The attempts of these jobs, or none if that is the job alone. */
  private static ArchivedJob attempts(ArchivedJob e, List<ArchivedJob> jobs) {
    return new ArchivedJob(
        e.job(),
        e.payload(),
        e.headers(),
        e.result(),
        jobs.size() == 1
            ? List.of()
            : jobs.stream().flatMap(job -> job.attempts().stream()).toList(),
        e.origin(),
        e.archivedAt());
  }

  private static Job nameless(Job job) {
    return Job.builder(job.id(), job.type(), job.queue(), job.state())
        .priority(job.priority())
        .counts(job.attempt(), job.crashes(), job.token())
        .times(job.runAt(), job.createdAt(), job.finishedAt().orElse(null))
        .tenant(job.tenant().orElse(null))
        .tags(job.tags())
        .failure(null, null)
        .build();
  }

  private static List<Fault> batches() {
    return List.of(
        into("NOTHING_IS_ARCHIVED", (store, archive) -> jobs -> {}),
        into("AN_ARCHIVE_MAY_FAIL", (store, archive) -> jobs -> tryTo(archive, jobs)),
        into(
            "ALL_THAT_HAS_ENDED_IS_ARCHIVED",
            (store, archive) ->
                jobs -> {
                  List<ArchivedJob> more = new ArrayList<>(jobs);
                  for (Row row : store.rows(JobState.SUCCEEDED)) {
                    if (jobs.stream().noneMatch(e -> e.job().id().equals(row.id()))) {
                      more.add(entryOf(row));
                    }
                  }
                  archive.keep(more);
                }),
        new Fault("ARCHIVED_IN_ONE_BATCH", ArchiveFaults::inOneBatch),
        new Fault("EMPTY_BATCHES", ArchiveFaults::emptyBatches),
        new Fault("ARCHIVE_COMES_FIRST", ArchiveFaults::archiveFirst),
        into(
            "A_FAILURE_OF_THE_ARCHIVE_IS_WRAPPED",
            (store, archive) ->
                jobs -> {
                  try {
                    archive.keep(jobs);
                  } catch (RuntimeException e) {
                    throw new IllegalStateException("archive", e);
                  }
                }));
  }

  private static void tryTo(JobArchive archive, List<ArchivedJob> jobs) {
    try {
      archive.keep(jobs);
    } catch (RuntimeException e) {
      // the fault
    }
  }

  private static ArchivedJob entryOf(Row row) {
    return new ArchivedJob(
        row.snapshot(),
        row.job.payload(),
        row.job.headers(),
        row.result,
        row.attempts(),
        null,
        Instant.EPOCH);
  }

  private static ForwardingStore inOneBatch(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public int prune(PruneRequest request) {
        return super.prune(new PruneRequest(request.retention(), request.archive(), 10_000));
      }
    };
  }

  private static ForwardingStore emptyBatches(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public int prune(PruneRequest request) {
        int gone = super.prune(request);
        JobArchive archive = request.archive();
        if (gone == 0 && archive != null) {
          archive.keep(List.of());
        }
        return gone;
      }
    };
  }

  /** Nothing else is pruned if the archive fails. */
  private static ForwardingStore archiveFirst(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public int prune(PruneRequest request) {
        int gone =
            store.locked(() -> new Pruning(store.tables(), new Audit()).jobs(request, store.now()));
        return gone + super.prune(request);
      }
    };
  }

  private static final class ArchiveByStaleRead extends Racing {
    ArchiveByStaleRead(InMemoryJobStore good, Gate gate) {
      super(good, gate);
    }

    @Override
    public int prune(PruneRequest request) {
      List<ArchivedJob> read =
          rows(JobState.SUCCEEDED).stream().map(ArchiveFaults::entryOf).toList();
      JobArchive archive = request.archive();
      if (archive == null || !gate.meet()) {
        return super.prune(request);
      }
      archive.keep(read);
      return super.prune(new PruneRequest(request.retention(), request.limit()));
    }
  }
}
