package dev.jobs4j.core.internal.client;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.spi.NewJob;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The jobs that one has waited for, by the names of their steps. They travel in a header, because
 * stores forget whom a job waited for once it is let go. Ids that were made one after the other are
 * written as one run, so ten thousand children of one submission take one entry. Immutable.
 */
public final class Parents {

  /** {@code name=id} or {@code id+count}, separated by commas. */
  private static final String HEADER = "jobs.parents";

  /** In place of more entries than a header should carry. */
  private static final String TOO_MANY = "*";

  private static final int MOST_RUNS = 500;

  /** {@code count} jobs whose ids follow each other; one that has a name stands alone. */
  private record Run(@Nullable String name, JobId first, int count) {
    String text() {
      return (name == null ? "" : name + "=") + first + (count == 1 ? "" : "+" + count);
    }

    static Run parse(String text) {
      int named = text.indexOf('=');
      int counted = text.indexOf('+');
      String id = text.substring(named + 1, counted < 0 ? text.length() : counted);
      return new Run(
          named < 0 ? null : text.substring(0, named),
          JobId.parse(id),
          counted < 0 ? 1 : Integer.parseInt(text.substring(counted + 1)));
    }
  }

  private final List<Run> runs;

  private Parents(List<Run> runs) {
    this.runs = List.copyOf(runs);
  }

  /**
   * The job, which now carries whom it waits for.
   *
   * @param names those of the steps of its workflow
   * @param places their places there; what has none comes first
   */
  static NewJob carriedBy(NewJob job, Map<JobId, String> names, Map<JobId, Integer> places) {
    if (job.parents().isEmpty()) {
      return job;
    }
    List<JobId> parents = new ArrayList<>(job.parents().keySet());
    parents.sort(Comparator.comparingInt(parent -> places.getOrDefault(parent, -1)));
    List<Run> runs = new ArrayList<>();
    for (JobId parent : parents) {
      String name = names.get(parent);
      Run last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
      if (name == null
          && last != null
          && last.name() == null
          && JobIds.nth(last.first(), last.count()).equals(parent)) {
        runs.set(runs.size() - 1, new Run(null, last.first(), last.count() + 1));
      } else {
        runs.add(new Run(name, parent, 1));
      }
    }
    Map<String, String> headers = new HashMap<>(job.headers());
    headers.put(
        HEADER,
        runs.size() > MOST_RUNS
            ? TOO_MANY
            : String.join(",", runs.stream().map(Run::text).toList()));
    return job.toBuilder().headers(headers).build();
  }

  /**
   * Whom the job with these headers has waited for.
   *
   * @throws InvalidJobException if it waited for nobody, for too many to be named, or somebody else
   *     has written the header
   */
  public static Parents of(Map<String, String> headers) {
    String text = headers.get(HEADER);
    if (text == null) {
      throw new InvalidJobException("this job has waited for no other, so there are no results");
    }
    if (text.equals(TOO_MANY)) {
      throw new InvalidJobException(
          "this job has waited for more than "
              + MOST_RUNS
              + " jobs whose ids somebody else made; submit them as one workflow, without ids");
    }
    try {
      return new Parents(Stream.of(text.split(",")).map(Run::parse).toList());
    } catch (InvalidJobException | NumberFormatException e) {
      throw new InvalidJobException("header " + HEADER + " cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * The job of a named step.
   *
   * @throws InvalidJobException if there is none of this name; names those that there are
   */
  public JobId step(String name) {
    return runs.stream()
        .filter(run -> name.equals(run.name()))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidJobException(
                    "this job has waited for no step named \""
                        + name
                        + "\", it has for "
                        + runs.stream()
                            .flatMap(run -> Optional.ofNullable(run.name()).stream())
                            .toList()))
        .first();
  }

  /** The name of a job's step, or null. */
  public @Nullable String name(JobId job) {
    return runs.stream()
        .filter(run -> run.name() != null && run.first().equals(job))
        .map(Run::name)
        .findFirst()
        .orElse(null);
  }

  /** All of them, in the order of the workflow. */
  public Stream<JobId> all() {
    return runs.stream()
        .flatMap(run -> IntStream.range(0, run.count()).mapToObj(i -> JobIds.nth(run.first(), i)));
  }
}
