package dev.jobs4j.examples.benchmarks.contestant;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** The statements of a queue without any framework, as good as a database allows. */
interface PlainStatements {

  /** The payload of every job: the text "nothing" as JSON. */
  String PAYLOAD = "\"nothing\"";

  /** It as the column takes it. */
  static byte[] payload() {
    return PAYLOAD.getBytes(StandardCharsets.UTF_8);
  }

  /** What they do, for the report. */
  String about();

  /** Whether jobs that have ended stay. */
  boolean keepsEnded();

  /** Whether the insert of one job tells other processes of it. */
  boolean notifies();

  /** Makes the table, if it is not there. */
  List<String> tables();

  /** An id as the parameters of this database take it. */
  default Object id(UUID id) {
    return id;
  }

  /** A prepared INSERT of one job: id and payload. */
  String insert();

  /** Stores all at once. */
  void insertAll(Connection connection, List<UUID> ids, Duration delay) throws SQLException;

  /** Prepares what a worker needs on its connection. */
  Session open(Connection connection) throws SQLException;

  /** The statements of one worker. */
  interface Session extends AutoCloseable {

    /** Takes up to so many due jobs, committed. */
    List<UUID> claim(int batch) throws SQLException;

    /** Ends these jobs, committed. */
    void end(List<UUID> ids) throws SQLException;

    @Override
    void close() throws SQLException;
  }
}
