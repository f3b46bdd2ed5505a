package dev.jobs4j.architecture.planted.store.jdbc;

public class RowReader {
  static final String VIOLATES = "9";
}
