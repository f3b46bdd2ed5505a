package dev.jobs4j.api.schedule;

import dev.jobs4j.api.InvalidJobException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What becomes of firings that nobody could start in time, because no engine ran. A firing is
 * missed when it is found later than a tolerance after its time; one on time always starts.
 *
 * @param rule which of the missed firings start
 * @param max how many at most: 0 for {@link Rule#SKIP}, 1 for {@link Rule#RUN_ONCE}, 1 to {@value
 *     #MOST} for {@link Rule#RUN_ALL}
 */
public record Misfire(Rule rule, int max) {

  /** Which of the missed firings start. */
  public enum Rule {
    /** None. */
    SKIP,
    /** The latest, in place of all; none if a later firing is on time, for that makes up for it. */
    RUN_ONCE,
    /** Each of the latest {@code max}, the oldest first. */
    RUN_ALL
  }

  /** The most firings that can be made up for. */
  public static final int MOST = 1_000;

  private static final Pattern SPEC = Pattern.compile("(SKIP|RUN_ONCE|RUN_ALL\\((\\d{1,6})\\))");

  /** Missed firings are dropped. */
  public static final Misfire SKIP = new Misfire(Rule.SKIP, 0);

  /** One run makes up for all missed firings. */
  public static final Misfire RUN_ONCE = new Misfire(Rule.RUN_ONCE, 1);

  /**
   * Checks the number.
   *
   * @throws InvalidJobException if it does not fit the rule
   */
  public Misfire {
    int least = rule == Rule.SKIP ? 0 : 1;
    int most = rule == Rule.RUN_ALL ? MOST : least;
    if (max < least || max > most) {
      throw new InvalidJobException(
          "misfire " + rule + " must be of " + least + " to " + most + " runs, was " + max);
    }
  }

  /** Each missed firing gets its run, if there were no more than {@code max}, else the latest. */
  public static Misfire runAll(int max) {
    return new Misfire(Rule.RUN_ALL, max);
  }

  /**
   * Reads what {@link #spec()} wrote: {@code SKIP}, {@code RUN_ONCE} or {@code RUN_ALL(10)}.
   *
   * @throws InvalidJobException if it is none of these
   */
  public static Misfire parse(String spec) {
    Matcher matcher = SPEC.matcher(spec.strip().toUpperCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new InvalidJobException(
          "misfire must be SKIP, RUN_ONCE or RUN_ALL(n), was \"" + ScheduleText.shown(spec) + "\"");
    }
    return switch (matcher.group(1)) {
      case "SKIP" -> SKIP;
      case "RUN_ONCE" -> RUN_ONCE;
      default -> runAll(Integer.parseInt(matcher.group(2)));
    };
  }

  /** The text form, which {@link #parse} reads back. */
  public String spec() {
    return rule == Rule.RUN_ALL ? rule + "(" + max + ")" : rule.name();
  }

  /**
   * The firings to start now, the oldest first. What is neither among them nor after {@code now} is
   * dropped; the schedule goes on with its next firing after {@code now}. Of a {@link FixedDelay}
   * only {@code due} can be late: the next one waits for its run.
   *
   * <p>Takes time by the firings it returns, not by those that were missed.
   *
   * @param schedule what fires
   * @param due its next firing, as it was stored
   * @param now the store's time
   * @param tolerance how late a firing may be found and still be on time, not negative
   */
  public List<Instant> firings(Schedule schedule, Instant due, Instant now, Duration tolerance) {
    if (tolerance.isNegative()) {
      throw new InvalidJobException("tolerance must not be negative, was " + tolerance);
    }
    Instant limit = now.minus(tolerance);
    if (schedule instanceof FixedDelay) {
      boolean starts = !due.isAfter(now) && (rule != Rule.SKIP || !due.isBefore(limit));
      return starts ? List.of(due) : List.of();
    }
    Firings firings = new Firings(schedule, due);
    List<Instant> onTime = firings.between(limit, now.plusNanos(1));
    if (rule == Rule.SKIP || (rule == Rule.RUN_ONCE && !onTime.isEmpty())) {
      return onTime;
    }
    List<Instant> all = new ArrayList<>(firings.latest(max, limit));
    all.addAll(onTime);
    return List.copyOf(all);
  }

  /** The text form. */
  @Override
  public String toString() {
    return spec();
  }
}
