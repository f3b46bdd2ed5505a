package dev.jobs4j.core.internal.worker;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.ParentResult;
import dev.jobs4j.core.internal.client.Parents;
import dev.jobs4j.core.internal.payload.Payloads;
import dev.jobs4j.spi.JobRecords;
import dev.jobs4j.spi.KeptResult;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.Payload;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** What the jobs have left that one attempt's job has waited for. Thread-safe. */
final class Inheritance {

  /** Results that are read, and so in memory, at once. */
  static final int PAGE = 200;

  private final LeasedJob job;
  private final JobRecords records;
  private final Payloads payloads;

  Inheritance(LeasedJob job, JobRecords records, Payloads payloads) {
    this.job = job;
    this.records = records;
    this.payloads = payloads;
  }

  /** What the job of a named step has left. */
  <T> Optional<T> result(String step, Class<T> type) {
    JobId parent = Parents.of(job.headers()).step(step);
    return result(parent, "step \"" + step + "\" (job " + parent + ")", type);
  }

  /** What a job has left. */
  <T> Optional<T> result(JobId id, Class<T> type) {
    return result(id, "job " + id, type);
  }

  private <T> Optional<T> result(JobId id, String what, Class<T> type) {
    KeptResult kept =
        records.results(List.of(id)).stream().findFirst().orElseThrow(() -> gone(what));
    return Optional.ofNullable(value(kept, type));
  }

  private static JobException gone(String what) {
    return new JobException(
        "The result of "
            + what
            + " is kept no more: it was pruned or deleted, or its store keeps no history");
  }

  private <T> @Nullable T value(KeptResult kept, Class<T> type) {
    if (type.isPrimitive()) {
      throw new InvalidJobException("type of a result must not be primitive, was " + type);
    }
    Payload stored = kept.value();
    if (stored == null || kept.state() != JobState.SUCCEEDED) {
      return null;
    }
    return type.cast(payloads.readResult(kept, stored, type));
  }

  /** What all of them have left, read page by page. */
  <T> Stream<ParentResult<T>> results(Class<T> type) {
    Parents parents = Parents.of(job.headers());
    Iterator<JobId> ids = parents.all().iterator();
    Iterator<ParentResult<T>> results =
        new Iterator<>() {
          private Iterator<ParentResult<T>> page = List.<ParentResult<T>>of().iterator();

          @Override
          public boolean hasNext() {
            return page.hasNext() || ids.hasNext();
          }

          @Override
          public ParentResult<T> next() {
            if (!page.hasNext()) {
              page = page(parents, take(ids), type).iterator();
            }
            return page.next();
          }
        };
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(results, Spliterator.ORDERED | Spliterator.NONNULL),
        false);
  }

  private static List<JobId> take(Iterator<JobId> ids) {
    List<JobId> page = new ArrayList<>(PAGE);
    while (page.size() < PAGE && ids.hasNext()) {
      page.add(ids.next());
    }
    return page;
  }

  private <T> List<ParentResult<T>> page(Parents parents, List<JobId> ids, Class<T> type) {
    Map<JobId, KeptResult> kept = new HashMap<>();
    records.results(ids).forEach(result -> kept.put(result.id(), result));
    List<ParentResult<T>> page = new ArrayList<>(ids.size());
    for (JobId id : ids) {
      KeptResult result = kept.get(id);
      if (result == null) {
        throw gone("job " + id);
      }
      page.add(new ParentResult<>(id, parents.name(id), result.state(), value(result, type)));
    }
    return page;
  }
}
