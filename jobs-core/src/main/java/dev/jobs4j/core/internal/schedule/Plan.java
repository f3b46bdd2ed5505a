package dev.jobs4j.core.internal.schedule;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.schedule.Misfire;
import dev.jobs4j.api.schedule.Overlap;
import dev.jobs4j.api.schedule.Schedule;
import dev.jobs4j.spi.ScheduleDefinition;
import java.util.Arrays;

/** What the texts of a stored definition say. */
record Plan(Schedule schedule, Misfire misfire, Overlap overlap) {

  /**
   * Reads them.
   *
   * @throws InvalidJobException if one cannot be read: somebody else may have written them
   */
  static Plan of(ScheduleDefinition definition) {
    return new Plan(
        Schedule.parse(definition.spec(), definition.zone()),
        Misfire.parse(definition.misfire()),
        overlap(definition.overlap()));
  }

  private static Overlap overlap(String text) {
    return Arrays.stream(Overlap.values())
        .filter(overlap -> overlap.name().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidJobException(
                    "overlap must be one of "
                        + Arrays.toString(Overlap.values())
                        + ", was \""
                        + text
                        + "\""));
  }
}
