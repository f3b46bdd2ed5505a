package dev.jobs4j.core.yaml;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobRequest;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.schedule.Misfire;
import dev.jobs4j.api.schedule.Overlap;
import dev.jobs4j.api.schedule.RecurringJob;
import dev.jobs4j.api.schedule.Schedule;
import dev.jobs4j.core.config.Durations;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One recurring job as it is written.
 *
 * @param where the file and the entry, for errors
 */
record Entry(Map<?, ?> values, String where) {

  private static final List<String> TIMES = List.of("cron", "every", "delay");
  private static final Set<String> KNOWN =
      Set.of(
          "name",
          "cron",
          "every",
          "delay",
          "zone",
          "type",
          "version",
          "queue",
          "tenant",
          "payload",
          "misfire",
          "overlap",
          "jitter",
          "description");

  static Entry of(@Nullable Object value, String origin, int number) {
    String where = origin + ": entry " + number;
    if (!(value instanceof Map<?, ?> values)) {
      throw new InvalidJobException(where + " must have keys such as name, cron and type");
    }
    Set<String> unknown = new TreeSet<>();
    values.keySet().forEach(key -> unknown.add(String.valueOf(key)));
    unknown.removeAll(KNOWN);
    Object name = values.get("name");
    Entry entry = new Entry(values, name == null ? where : where + " (" + name + ")");
    if (!unknown.isEmpty()) {
      throw entry.refused(unknown.iterator().next(), "is not among " + new TreeSet<>(KNOWN), null);
    }
    return entry;
  }

  RecurringJob<?> job() {
    JobRequest<Object> request = read("type", this::needed, this::type).request(payload());
    request = set(request, "queue", request::queue);
    request = set(request, "tenant", request::tenant);
    JobRequest<Object> asked = request;
    Schedule schedule = schedule();
    RecurringJob<?> job =
        read("name", this::needed, name -> RecurringJob.of(name, schedule, asked));
    job = set(job, "misfire", text -> Misfire.parse(text), job::misfire);
    job = set(job, "overlap", Entry::overlap, job::overlap);
    job = set(job, "jitter", text -> Durations.parse("jitter", text), job::jitter);
    return set(job, "description", text -> text, job::description);
  }

  private JobType<Object> type(String name) {
    JobType<Object> type = JobType.ofGeneric(name, Object.class);
    return values.containsKey("version")
        ? read("version", this::text, text -> type.version(Integer.parseInt(text)))
        : type;
  }

  private Object payload() {
    Object payload = values.get("payload");
    return payload == null ? Map.of() : payload;
  }

  private Schedule schedule() {
    List<String> said = TIMES.stream().filter(values::containsKey).toList();
    if (said.size() != 1) {
      throw refused(String.join(", ", TIMES), "one of them must say when, had " + said, null);
    }
    String time = said.get(0);
    if (!time.equals("cron")) {
      return read(time, this::text, text -> Schedule.parse("@" + time + " " + text, "UTC"));
    }
    String zone = values.containsKey("zone") ? text("zone") : "UTC";
    return read(time, this::text, text -> Schedule.parse(text, zone));
  }

  private static Overlap overlap(String text) {
    try {
      return Overlap.valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new InvalidJobException(
          "must be one of " + Arrays.toString(Overlap.values()) + ", was \"" + text + "\"", e);
    }
  }

  private JobRequest<Object> set(
      JobRequest<Object> request, String key, Function<String, JobRequest<Object>> setter) {
    return values.containsKey(key) ? read(key, this::text, setter) : request;
  }

  private <T> RecurringJob<?> set(
      RecurringJob<?> job,
      String key,
      Function<String, T> reader,
      Function<T, RecurringJob<?>> setter) {
    return values.containsKey(key)
        ? read(key, this::text, text -> setter.apply(reader.apply(text)))
        : job;
  }

  private <T> T read(String key, UnaryOperator<String> text, Function<String, T> reader) {
    String value = text.apply(key);
    try {
      return reader.apply(value);
    } catch (NumberFormatException e) {
      throw refused(key, "must be a whole number, was \"" + value + "\"", e);
    } catch (InvalidJobException e) {
      throw refused(key, e.getMessage(), e);
    }
  }

  private String needed(String key) {
    if (!values.containsKey(key)) {
      throw refused(key, "is missing", null);
    }
    return text(key);
  }

  /** A list or a tree is none; a number is read as it is written. */
  private String text(String key) {
    Object value = values.get(key);
    if (value == null || value instanceof Map || value instanceof List) {
      throw refused(key, "must be a text", null);
    }
    return value.toString();
  }

  private InvalidJobException refused(String key, @Nullable String why, @Nullable Exception cause) {
    String message = where + ": " + key + ": " + why;
    return cause == null
        ? new InvalidJobException(message)
        : new InvalidJobException(message, cause);
  }
}
