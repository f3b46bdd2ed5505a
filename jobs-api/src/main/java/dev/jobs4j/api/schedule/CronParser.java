package dev.jobs4j.api.schedule;

import dev.jobs4j.api.InvalidJobException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Reads one cron expression, in one pass over at most {@link Schedule#MAX_LENGTH} characters. The
 * language is told at {@link CronSchedule}.
 */
final class CronParser {

  private static final Map<String, String> SHORT_NAMES =
      Map.of(
          "@YEARLY", "0 0 1 1 *",
          "@ANNUALLY", "0 0 1 1 *",
          "@MONTHLY", "0 0 1 * *",
          "@WEEKLY", "0 0 * * 0",
          "@DAILY", "0 0 * * *",
          "@MIDNIGHT", "0 0 * * *",
          "@HOURLY", "0 * * * *");

  private static final String PUNCTUATION = "*?,-/#@ \t";

  private final String text;
  private final List<String> words;

  // The days are gathered item by item; each field of them is one of CronDays.
  private long days;
  private long fromEnd;
  private long nearest;
  private boolean lastWeekday;
  private long weekdays;
  private long lastOf;
  private long nthOf;

  /** Takes the text apart; refuses what no expression can hold. */
  CronParser(String text) {
    this.text = text;
    this.words = ScheduleText.words(text);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isAsciiLetterOrDigit(c) && PUNCTUATION.indexOf(c) < 0) {
        throw new InvalidJobException(
            "cron expression must not have the character U+%04X (position %d), in \"%s\""
                .formatted((int) c, i + 1, ScheduleText.shown(text)));
      }
    }
  }

  /** The expression in the form that is stored: capital letters, single spaces. */
  String spec() {
    String spec = String.join(" ", words);
    return spec.startsWith("@") ? spec.toLowerCase(Locale.ROOT) : spec.toUpperCase(Locale.ROOT);
  }

  /** Reads it. */
  CronExpression parse() {
    List<String> fields = fields();
    CronTimes times =
        new CronTimes(
            bits(CronField.HOUR, fields.get(2)),
            bits(CronField.MINUTE, fields.get(1)),
            bits(CronField.SECOND, fields.get(0)));
    items(CronField.DAY_OF_MONTH, fields.get(3)).forEach(this::dayOfMonth);
    items(CronField.DAY_OF_WEEK, fields.get(5)).forEach(this::dayOfWeek);
    long months = bits(CronField.MONTH, fields.get(4));
    CronDays all =
        new CronDays(months, days, fromEnd, nearest, lastWeekday, weekdays, lastOf, nthOf);
    if (!all.canMatch()) {
      throw new InvalidJobException(
          "cron expression never fires: no day has this day-of-month, month and day-of-week, in \""
              + text
              + "\"");
    }
    return new CronExpression(times, all);
  }

  /** Six fields, in capitals. */
  private List<String> fields() {
    List<String> fields = new ArrayList<>(words);
    if (!fields.isEmpty() && fields.get(0).startsWith("@")) {
      fields = new ArrayList<>(ScheduleText.words(named()));
    }
    if (fields.size() == 5) {
      fields.add(0, "0");
    }
    if (fields.size() != 6) {
      throw new InvalidJobException(
          "cron expression must have 5 fields (minute hour day-of-month month day-of-week), or 6"
              + " with the second before them, had "
              + fields.size()
              + ", in \""
              + text
              + "\"");
    }
    fields.replaceAll(field -> field.toUpperCase(Locale.ROOT));
    return fields;
  }

  private String named() {
    String named = SHORT_NAMES.get(String.join(" ", words).toUpperCase(Locale.ROOT));
    if (named == null) {
      throw new InvalidJobException(
          "cron name must be @yearly, @annually, @monthly, @weekly, @daily, @midnight or @hourly"
              + " (@every and @delay are no cron and take a duration), was \""
              + text
              + "\"");
    }
    return named;
  }

  private long bits(CronField field, String value) {
    long bits = 0;
    for (String item : items(field, value)) {
      bits |= bitsOfItem(field, item);
    }
    return bits;
  }

  private void dayOfMonth(String item) {
    CronField field = CronField.DAY_OF_MONTH;
    if (item.equals("L")) {
      fromEnd |= 1;
    } else if (item.equals("LW")) {
      lastWeekday = true;
    } else if (item.startsWith("L-")) {
      int before = CronField.number(item.substring(2));
      require(before >= 1 && before <= 30, field, item, "must be L-1 to L-30");
      fromEnd |= 1L << before;
    } else if (item.endsWith("W")) {
      int day = field.numberOf(item.substring(0, item.length() - 1));
      require(day >= 0, field, item, "must be 1W to 31W, or LW");
      nearest |= 1L << day;
    } else {
      days |= bitsOfItem(field, item);
    }
  }

  private void dayOfWeek(String item) {
    CronField field = CronField.DAY_OF_WEEK;
    int hash = item.indexOf('#');
    if (hash >= 0) {
      int day = field.numberOf(item.substring(0, hash));
      int nth = CronField.number(item.substring(hash + 1));
      require(
          day >= 0 && nth >= 1 && nth <= 5,
          field,
          item,
          "must be a day and 1 to 5, as 5#2 or FRI#2, the second Friday");
      nthOf |= 1L << (7 * (nth - 1) + day % 7);
    } else if (item.endsWith("L")) {
      int day = field.numberOf(item.substring(0, item.length() - 1));
      require(day >= 0, field, item, "must name the day, as 5L or FRIL, the last Friday");
      lastOf |= field.bit(day);
    } else {
      weekdays |= bitsOfItem(field, item);
    }
  }

  /** The members of a field's list. */
  private List<String> items(CronField field, String value) {
    boolean days = field == CronField.DAY_OF_MONTH || field == CronField.DAY_OF_WEEK;
    if (days && value.equals("?")) {
      return List.of("*");
    }
    return List.of(value.split(",", -1));
  }

  /** A value, a range or a step. */
  private long bitsOfItem(CronField field, String item) {
    int slash = item.indexOf('/');
    String range = slash < 0 ? item : item.substring(0, slash);
    int step = slash < 0 ? 1 : CronField.number(item.substring(slash + 1));
    require(
        step >= 1 && step <= field.size(), field, item, "must have a step of 1 to " + field.size());
    if (range.equals("*")) {
      return field.range(field.min(), field.max(), step);
    }
    int dash = range.indexOf('-');
    int from = value(field, dash < 0 ? range : range.substring(0, dash), item);
    if (dash >= 0) {
      return field.range(from, value(field, range.substring(dash + 1), item), step);
    }
    // With a step alone, as 5/15, the range runs to the field's end; Sunday as 7 begins a week.
    return slash < 0 ? field.bit(from) : field.range(from % (field.max() + 1), field.max(), step);
  }

  private int value(CronField field, String value, String item) {
    int number = field.numberOf(value);
    require(
        number >= 0,
        field,
        item,
        "must be * or " + field.allowed() + ", a range a-b, a step */n, a/n or a-b/n, or a list");
    return number;
  }

  private void require(boolean condition, CronField field, String item, String rule) {
    if (!condition) {
      throw new InvalidJobException(
          "cron " + field + " \"" + item + "\" " + rule + ", in \"" + text + "\"");
    }
  }

  private static boolean isAsciiLetterOrDigit(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  }
}
