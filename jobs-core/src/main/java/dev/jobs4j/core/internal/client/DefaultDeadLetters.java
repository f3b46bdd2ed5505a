package dev.jobs4j.core.internal.client;

import dev.jobs4j.api.AttemptRecord;
import dev.jobs4j.api.AuditEntry;
import dev.jobs4j.api.BlockedLine;
import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.DeadLetterFilter;
import dev.jobs4j.api.DeadLetterGroup;
import dev.jobs4j.api.DeadLetters;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.Operator;
import dev.jobs4j.api.Redrive;
import dev.jobs4j.api.Redriven;
import dev.jobs4j.core.internal.payload.Payloads;
import dev.jobs4j.spi.DeadLetterRecords;
import dev.jobs4j.spi.JobRecords;
import dev.jobs4j.spi.Payload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The dead letters of all stores of a client. What concerns many is done in pages of one store
 * after the other, each page in a transaction.
 */
final class DefaultDeadLetters implements DeadLetters {

  /** Locks and log of one transaction stay small, whatever a filter matches. */
  private static final int PAGE = 100;

  private final Function<JobQueue, Backend> backends;
  private final List<JobRecords> records;
  private final Payloads payloads;
  private final Consumer<JobQueue> wake;

  DefaultDeadLetters(
      Function<JobQueue, Backend> backends,
      List<JobRecords> records,
      Payloads payloads,
      Consumer<JobQueue> wake) {
    this.backends = backends;
    this.records = records;
    this.payloads = payloads;
    this.wake = wake;
  }

  @Override
  public List<DeadLetter> list(DeadLetterFilter filter, @Nullable JobId after, int limit) {
    requireLimit(limit);
    return stores(filter).stream()
        .flatMap(store -> store.list(filter, after, limit).stream())
        .sorted(Comparator.comparing(DeadLetter::id))
        .limit(limit)
        .toList();
  }

  @Override
  public List<DeadLetterGroup> groups(DeadLetterFilter filter, int limit) {
    requireLimit(limit);
    List<DeadLetterRecords> stores = stores(filter);
    if (stores.size() == 1) {
      return stores.get(0).groups(filter, limit);
    }
    Map<String, DeadLetterGroup> merged = new LinkedHashMap<>();
    for (DeadLetterRecords store : stores) {
      // A cause that is rare in each may be frequent in all, so each must tell all of its own.
      store
          .groups(filter, Integer.MAX_VALUE)
          .forEach(group -> merged.merge(group.fingerprint(), group, DefaultDeadLetters::together));
    }
    return merged.values().stream()
        .sorted(
            Comparator.comparingLong(DeadLetterGroup::letters)
                .reversed()
                .thenComparing(DeadLetterGroup::fingerprint))
        .limit(limit)
        .toList();
  }

  private static DeadLetterGroup together(DeadLetterGroup a, DeadLetterGroup b) {
    DeadLetterGroup later = a.lastDiedAt().isBefore(b.lastDiedAt()) ? b : a;
    return new DeadLetterGroup(
        a.fingerprint(),
        a.letters() + b.letters(),
        a.firstDiedAt().isBefore(b.firstDiedAt()) ? a.firstDiedAt() : b.firstDiedAt(),
        later.lastDiedAt(),
        later.sample(),
        later.failure());
  }

  @Override
  public List<BlockedLine> blockedLines(@Nullable String after, int limit) {
    requireLimit(limit);
    return letters()
        .flatMap(store -> store.blockedLines(after, limit).stream())
        .sorted(Comparator.comparing(BlockedLine::key))
        .limit(limit)
        .toList();
  }

  @Override
  public Optional<DeadLetter> find(JobId id) {
    return letters().flatMap(store -> store.find(id).stream()).findFirst();
  }

  @Override
  public List<AttemptRecord> attempts(JobId id) {
    return records.stream().flatMap(store -> store.attempts(id).stream()).toList();
  }

  @Override
  public <P> boolean edit(JobId id, JobType<P> type, P payload, Operator operator) {
    return edit(id, letter -> payloads.rewrite(letter, type, payload), type.version(), operator);
  }

  @Override
  public boolean edit(JobId id, byte[] payload, Operator operator) {
    byte[] own = payload.clone();
    return edit(id, letter -> payloads.rewrite(letter, own), 0, operator);
  }

  /** A version of 0 leaves it as it is. */
  private boolean edit(
      JobId id, Function<DeadLetter, Payload> rewrite, int version, Operator operator) {
    for (JobRecords store : records) {
      Optional<DeadLetter> letter = store.letters().find(id);
      if (letter.isPresent()) {
        Payload written = rewrite.apply(letter.get());
        int typeVersion = version == 0 ? letter.get().typeVersion() : version;
        return store.letters().edit(id, written, typeVersion, operator);
      }
    }
    return false;
  }

  @Override
  public Redriven redrive(JobId id, Operator operator) {
    for (JobRecords store : records) {
      Optional<DeadLetter> letter = store.letters().find(id);
      if (letter.isPresent()) {
        Redriven redriven = store.letters().redrive(Map.of(id, Duration.ZERO), operator);
        wake.accept(letter.get().queue());
        return redriven;
      }
    }
    return new Redriven(List.of(), List.of(), false);
  }

  @Override
  public Redriven redrive(DeadLetterFilter filter, Redrive how, Operator operator) {
    List<JobId> jobs = new ArrayList<>();
    List<JobId> blocked = new ArrayList<>();
    int sent = 0;
    boolean more = false;
    for (DeadLetterRecords store : stores(filter)) {
      Pages pages = new Pages(store, filter, how.limit() - sent);
      for (List<JobId> page = pages.next(); !page.isEmpty(); page = pages.next()) {
        if (how.dryRun()) {
          jobs.addAll(page);
        } else {
          Redriven done = store.redrive(delays(page, how.gap(), sent), operator);
          jobs.addAll(done.jobs());
          blocked.addAll(done.blocked());
        }
        sent += page.size();
      }
      more |= pages.hasMore();
    }
    if (!how.dryRun()) {
      filter.queue().ifPresent(wake); // others are met by the next poll
    }
    return new Redriven(jobs, blocked, more);
  }

  private static Map<JobId, Duration> delays(List<JobId> page, Duration gap, int before) {
    Map<JobId, Duration> delays = new LinkedHashMap<>();
    for (JobId id : page) {
      delays.put(id, gap.multipliedBy((long) before + delays.size()));
    }
    return delays;
  }

  @Override
  public boolean discard(JobId id, Operator operator) {
    return letters().anyMatch(store -> !store.discard(List.of(id), operator).isEmpty());
  }

  @Override
  public int discard(DeadLetterFilter filter, int limit, Operator operator) {
    requireLimit(limit);
    int gone = 0;
    for (DeadLetterRecords store : stores(filter)) {
      Pages pages = new Pages(store, filter, limit - gone);
      for (List<JobId> page = pages.next(); !page.isEmpty(); page = pages.next()) {
        gone += store.discard(page, operator).size();
      }
    }
    return gone;
  }

  @Override
  public List<AuditEntry> audit(@Nullable JobId job, long before, int limit) {
    requireLimit(limit);
    if (job == null && records.size() > 1) {
      throw new InvalidJobException(
          "audit needs the job here: there are "
              + records.size()
              + " stores, whose entries have no common order");
    }
    return letters().flatMap(store -> store.audit(job, before, limit).stream()).toList();
  }

  private Stream<DeadLetterRecords> letters() {
    return records.stream().map(JobRecords::letters);
  }

  private List<DeadLetterRecords> stores(DeadLetterFilter filter) {
    return filter
        .queue()
        .map(queue -> List.of(store(queue).letters()))
        .orElseGet(() -> letters().toList());
  }

  private JobRecords store(JobQueue queue) {
    return backends
        .apply(queue)
        .records()
        .orElseThrow(
            () ->
                new InvalidJobException(
                    "The dead letters of queue "
                        + queue
                        + " are kept by its broker, read them there"));
  }

  private static void requireLimit(int limit) {
    if (limit < 1) {
      throw new InvalidJobException("limit must be >= 1, was " + limit);
    }
  }

  /** The ids that match in one store, page by page, each once whatever becomes of it. */
  private static final class Pages {
    private final DeadLetterRecords store;
    private final DeadLetterFilter filter;
    private int left;
    private @Nullable JobId last;

    Pages(DeadLetterRecords store, DeadLetterFilter filter, int most) {
      this.store = store;
      this.filter = filter;
      left = most;
    }

    List<JobId> next() {
      if (left <= 0) {
        return List.of();
      }
      List<JobId> page = store.ids(filter, last, Math.min(PAGE, left));
      left -= page.size();
      last = page.isEmpty() ? last : page.get(page.size() - 1);
      return page;
    }

    /** Whether the limit was reached and something lies beyond it. */
    boolean hasMore() {
      return left <= 0 && !store.ids(filter, last, 1).isEmpty();
    }
  }
}
