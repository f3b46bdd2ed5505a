package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.JobQueue;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.LeasedJob;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** What a claim of several statements does in the words of its database, in one transaction. */
interface ClaimSteps {

  /** A claim that is only planned, of an engine that does not exist. */
  ClaimRequest PROBE =
      new ClaimRequest(
          new EngineId(Inserts.NOBODY),
          Inserts.NOBODY,
          JobQueue.DEFAULT,
          Map.of("planned", 1),
          100,
          true);

  /** Locks the row of the engine and says whether it is alive. */
  boolean isLive(Connection connection, ClaimRequest request) throws SQLException;

  /** What is paused. */
  Held held(Connection connection, ClaimRequest request) throws SQLException;

  /** Locks due jobs that nobody else has, the most urgent first, at most as many as asked for. */
  List<Candidate> lockDue(Connection connection, ClaimRequest request, Held held)
      throws SQLException;

  /** Gives jobs that are locked to the engine; returns those that it has. */
  List<LeasedJob> start(Connection connection, ClaimRequest request, List<LeasedJob> jobs)
      throws SQLException;
}
