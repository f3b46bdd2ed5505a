package dev.jobs4j.core.yaml;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.schedule.RecurringJob;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Reads recurring jobs from YAML, to be given to {@code JobsBuilder.recurring} or {@code
 * Schedules.save}:
 *
 * <pre>
 * schedules:
 *   - name: nightly-archive
 *     cron: 0 3 * * *          # or every: 15m, or delay: 5m
 *     zone: Europe/Moscow      # UTC if it is left out
 *     type: archive
 *     queue: night
 *     tenant: acme
 *     payload: {olderThanDays: 90}
 *     misfire: RUN_ALL(7)
 *     overlap: QUEUE
 *     jitter: 5m
 *     description: moves finished orders to the archive
 * </pre>
 *
 * <p>Only {@code name}, {@code type} and one of {@code cron}, {@code every} and {@code delay} are
 * needed. A payload may be any tree; a handler without one needs none. Keys that are not known are
 * refused, and so is whatever would make an object of a class of its choice.
 */
public final class SchedulesFile {

  private static final String LIST = "schedules";

  /** A list of some thousand is well below it. */
  private static final int MOST_CHARACTERS = 10 * 1024 * 1024;

  private SchedulesFile() {}

  /**
   * Reads a file in UTF-8.
   *
   * @throws InvalidJobException if it cannot be read, or says what no recurring job can be; names
   *     the file, the entry and the key
   */
  public static List<RecurringJob<?>> read(Path file) {
    try (Reader reader = Files.newBufferedReader(file)) {
      return read(reader, file.toString());
    } catch (IOException e) {
      throw new InvalidJobException(file + " cannot be read: " + e, e);
    }
  }

  /**
   * The same from wherever it comes.
   *
   * @param origin what errors call it
   */
  public static List<RecurringJob<?>> read(Reader reader, String origin) {
    Object document = load(reader, origin);
    if (!(document instanceof Map<?, ?> map)
        || !map.keySet().equals(Set.of(LIST))
        || !(map.get(LIST) instanceof List<?> entries)) {
      throw new InvalidJobException(origin + " must have one key, schedules, with a list");
    }
    List<RecurringJob<?>> jobs = new ArrayList<>(entries.size());
    Set<String> names = new HashSet<>();
    for (int i = 0; i < entries.size(); i++) {
      RecurringJob<?> job = Entry.of(entries.get(i), origin, i + 1).job();
      if (!names.add(job.name())) {
        throw new InvalidJobException(
            origin + ": entry " + (i + 1) + ": name \"" + job.name() + "\" is there twice");
      }
      jobs.add(job);
    }
    return List.copyOf(jobs);
  }

  private static @Nullable Object load(Reader reader, String origin) {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    options.setCodePointLimit(MOST_CHARACTERS);
    try {
      return new Yaml(new SafeConstructor(options)).load(reader);
    } catch (YAMLException e) {
      throw new InvalidJobException(origin + " is no YAML: " + e.getMessage(), e);
    }
  }
}
