package dev.jobs4j.architecture.planted.store.jdbc;

import java.util.Calendar;
import org.jspecify.annotations.Nullable;

class CalendarColumn {
  static final String VIOLATES = "7";

  @Nullable Calendar field;
}
