package dev.jobs4j.api.schedule;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.function.Predicate;

/**
 * A cron expression made at random together with what it means. The meaning is told by sets and by
 * java.time, so that it owes nothing to the parser under test.
 */
final class RandomCron {

  private static final String[] MONTHS =
      "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ");
  private static final String[] DAYS = "SUN MON TUE WED THU FRI SAT".split(" ");

  final String text;
  private final IntPredicate second;
  private final IntPredicate minute;
  private final IntPredicate hour;
  private final Predicate<LocalDate> day;
  private final boolean everyHour;

  private RandomCron(
      String text,
      IntPredicate second,
      IntPredicate minute,
      IntPredicate hour,
      boolean everyHour,
      Predicate<LocalDate> day) {
    this.text = text;
    this.second = second;
    this.minute = minute;
    this.hour = hour;
    this.everyHour = everyHour;
    this.day = day;
  }

  boolean matches(LocalDateTime time) {
    return second.test(time.getSecond())
        && minute.test(time.getMinute())
        && hour.test(time.getHour())
        && day.test(time.toLocalDate());
  }

  boolean everyHour() {
    return everyHour;
  }

  /** Makes expressions of one kind from a seed. */
  static final class Maker {
    private final Random random;
    private final boolean seconds;
    private final boolean own;
    private final boolean specials;
    private final boolean everyDay;

    /**
     * @param seconds whether there is a seconds field
     * @param own whether there is what Spring refuses or reads otherwise: ranges over a field's
     *     end, and steps in a week, which it begins on Monday
     * @param specials whether L, W and # are used
     * @param everyDay whether the days are mostly left open
     */
    Maker(Random random, boolean seconds, boolean own, boolean specials, boolean everyDay) {
      this.random = random;
      this.seconds = seconds;
      this.own = own;
      this.specials = specials;
      this.everyDay = everyDay;
    }

    RandomCron make() {
      List<String> words = new ArrayList<>();
      Set<Integer> second = Set.of(0);
      if (seconds) {
        second = field(words, 0, 59, null);
      }
      Set<Integer> minute = field(words, 0, 59, null);
      Set<Integer> hour = field(words, 0, 23, null);
      Predicate<LocalDate> dayOfMonth = dayOfMonth(words);
      Set<Integer> month = openDays() ? all(words, 1, 12) : field(words, 1, 12, MONTHS);
      Predicate<LocalDate> dayOfWeek = dayOfWeek(words);
      Predicate<LocalDate> day =
          date ->
              dayOfMonth.test(date) && month.contains(date.getMonthValue()) && dayOfWeek.test(date);
      String text = String.join(random.nextInt(9) == 0 ? " \t" : " ", words);
      return new RandomCron(
          random.nextBoolean() ? text : text.toLowerCase(Locale.ROOT),
          oneOf(second),
          oneOf(minute),
          oneOf(hour),
          hour.size() == 24,
          day);
    }

    private static IntPredicate oneOf(Set<Integer> values) {
      BitSet bits = new BitSet();
      values.forEach(bits::set);
      return bits::get;
    }

    private boolean openDays() {
      return everyDay && random.nextInt(4) > 0;
    }

    private Set<Integer> all(List<String> words, int min, int max) {
      words.add("*");
      return values(min, max, 1);
    }

    private Predicate<LocalDate> dayOfMonth(List<String> words) {
      if (openDays() || random.nextInt(3) == 0) {
        words.add(random.nextBoolean() ? "*" : "?");
        return date -> true;
      }
      if (specials && random.nextBoolean()) {
        return specialDayOfMonth(words);
      }
      Set<Integer> days = field(words, 1, 31, null);
      return date -> days.contains(date.getDayOfMonth());
    }

    private Predicate<LocalDate> specialDayOfMonth(List<String> words) {
      // Where a month is too short, or ends on the Sunday wanted, Spring has other rules.
      int n = 1 + random.nextInt(27);
      switch (random.nextInt(4)) {
        case 0 -> {
          words.add("L");
          return date -> date.getDayOfMonth() == date.lengthOfMonth();
        }
        case 1 -> {
          words.add("L-" + n);
          return date -> date.getDayOfMonth() == date.lengthOfMonth() - n;
        }
        case 2 -> {
          words.add("LW");
          return date -> date.equals(nearestWeekday(date, date.lengthOfMonth()));
        }
        default -> {
          words.add(n + "W");
          return date -> date.equals(nearestWeekday(date, n));
        }
      }
    }

    private static LocalDate nearestWeekday(LocalDate month, int n) {
      for (int distance = 0; distance <= 2; distance++) {
        for (int day : new int[] {n - distance, n + distance}) {
          if (day >= 1 && day <= month.lengthOfMonth()) {
            LocalDate date = month.withDayOfMonth(day);
            if (date.getDayOfWeek().compareTo(DayOfWeek.FRIDAY) <= 0) {
              return date;
            }
          }
        }
      }
      throw new AssertionError(month + " " + n);
    }

    private Predicate<LocalDate> dayOfWeek(List<String> words) {
      if (openDays() || random.nextInt(3) == 0) {
        words.add(random.nextBoolean() ? "*" : "?");
        return date -> true;
      }
      if (specials && random.nextBoolean()) {
        int day = random.nextInt(7);
        String name = random.nextBoolean() ? DAYS[day] : "" + (day == 0 ? 7 : day);
        DayOfWeek wanted = DayOfWeek.of(day == 0 ? 7 : day);
        if (random.nextBoolean()) {
          words.add(name + "L");
          return date -> date.equals(date.with(TemporalAdjusters.lastInMonth(wanted)));
        }
        int nth = 1 + random.nextInt(5);
        words.add(name + "#" + nth);
        return date ->
            date.getDayOfWeek() == wanted
                && date.equals(date.with(TemporalAdjusters.dayOfWeekInMonth(nth, wanted)));
      }
      Set<Integer> days = field(words, 0, 6, DAYS);
      return date -> days.contains(date.getDayOfWeek().getValue() % 7);
    }

    /** A field of one or more items. */
    private Set<Integer> field(List<String> words, int min, int max, String[] names) {
      int items = random.nextInt(4) == 0 ? 2 + random.nextInt(3) : 1;
      Set<Integer> set = new TreeSet<>();
      List<String> texts = new ArrayList<>();
      for (int i = 0; i < items; i++) {
        texts.add(item(set, min, max, names));
      }
      words.add(String.join(",", texts));
      return set;
    }

    private String item(Set<Integer> set, int min, int max, String[] names) {
      int size = max - min + 1;
      int a = min + random.nextInt(size);
      int b = min + random.nextInt(size);
      if (b < a && !own) {
        int swap = a;
        a = b;
        b = swap;
      }
      int step = 1 + random.nextInt(size);
      boolean steps = own || names != DAYS;
      switch (random.nextInt(steps ? 6 : 3)) {
        case 0 -> {
          set.addAll(values(min, max, 1));
          return "*";
        }
        case 1 -> {
          set.addAll(range(a, b, min, max, 1));
          return name(a, min, names) + "-" + name(b, min, names);
        }
        case 2 -> {
          set.add(a);
          return name(a, min, names);
        }
        case 3 -> {
          set.addAll(values(min, max, step));
          return "*/" + step;
        }
        case 4 -> {
          set.addAll(range(a, b, min, max, step));
          return name(a, min, names) + "-" + name(b, min, names) + "/" + step;
        }
        default -> {
          set.addAll(values(a, max, step));
          return name(a, min, names) + "/" + step;
        }
      }
    }

    private String name(int value, int min, String[] names) {
      return names != null && random.nextBoolean() ? names[value - min] : "" + value;
    }

    private static Set<Integer> values(int from, int to, int step) {
      Set<Integer> values = new TreeSet<>();
      for (int value = from; value <= to; value += step) {
        values.add(value);
      }
      return values;
    }

    /** Walks from a to b around the field, and keeps each step-th value. */
    private static Set<Integer> range(int a, int b, int min, int max, int step) {
      List<Integer> all = new ArrayList<>(List.of(a));
      while (all.get(all.size() - 1) != b) {
        int last = all.get(all.size() - 1);
        all.add(last == max ? min : last + 1);
      }
      Set<Integer> values = new TreeSet<>();
      for (int i = 0; i < all.size(); i += step) {
        values.add(all.get(i));
      }
      return values;
    }
  }
}
