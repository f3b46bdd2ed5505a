package dev.jobs4j.examples.benchmarks.contestant;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** PostgreSQL: claims by UPDATE .. RETURNING, ends by an array of ids, stores by unnest. */
final class PostgresStatements implements PlainStatements {

  /** What the claim walks. */
  enum Layout {
    /** An index of what waits: a claim moves the row out of it. */
    PARTIAL_INDEX("partial index", "", "WHERE state = 'PENDING'"),
    /** State and lease in no index, room in each page: a claim is a HOT update. */
    HOT("HOT, fillfactor 50", "WITH (fillfactor = 50)", "");

    private final String about;
    private final String storage;
    private final String condition;

    Layout(String about, String storage, String condition) {
      this.about = about;
      this.storage = storage;
      this.condition = condition;
    }
  }

  private static final String CLAIM =
      """
      UPDATE plain_job SET state = 'RUNNING', attempt = attempt + 1, token = token + 1
       WHERE id IN (SELECT id FROM plain_job
                     WHERE queue = 'q' AND state = 'PENDING' AND priority = 3
                       AND run_at <= statement_timestamp()
                     ORDER BY run_at, id LIMIT ? FOR UPDATE SKIP LOCKED)
      RETURNING id, payload
      """;

  private static final String DELETE = "DELETE FROM plain_job WHERE id = ANY(?)";
  private static final String KEEP = "UPDATE plain_job SET state = 'DONE' WHERE id = ANY(?)";

  private static final String INSERT_ALL =
      """
      INSERT INTO plain_job
      SELECT id, 'q', 'PENDING', 3, statement_timestamp() + make_interval(secs => ?), 0, 0, ?
        FROM unnest(?::uuid[]) AS id
      """;

  private final Layout layout;
  private final boolean keep;

  PostgresStatements(Layout layout, boolean keep) {
    this.layout = layout;
    this.keep = keep;
  }

  @Override
  public String about() {
    return layout.about + (keep ? ", ended jobs kept by UPDATE" : ", ended jobs deleted");
  }

  @Override
  public List<String> tables() {
    return List.of(
        """
        CREATE TABLE plain_job (
          id uuid PRIMARY KEY, queue text NOT NULL, state text NOT NULL, priority smallint NOT NULL,
          run_at timestamptz NOT NULL, attempt int NOT NULL, token bigint NOT NULL,
          payload bytea NOT NULL)
        """
            + layout.storage,
        "CREATE INDEX plain_claim ON plain_job (queue, priority, run_at, id) " + layout.condition);
  }

  @Override
  public String insert() {
    return "INSERT INTO plain_job VALUES (?, 'q', 'PENDING', 3, statement_timestamp(), 0, 0, ?)";
  }

  @Override
  public void insertAll(Connection connection, List<UUID> ids, Duration delay)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT_ALL)) {
      insert.setDouble(1, delay.toSeconds());
      insert.setBytes(2, PAYLOAD);
      insert.setArray(3, connection.createArrayOf("uuid", ids.toArray()));
      insert.executeUpdate();
    }
  }

  @Override
  public Session open(Connection connection) throws SQLException {
    PreparedStatement claim = connection.prepareStatement(CLAIM);
    PreparedStatement end = connection.prepareStatement(keep ? KEEP : DELETE);
    return new Session() {
      @Override
      public List<UUID> claim(int batch) throws SQLException {
        claim.setInt(1, batch);
        List<UUID> ids = new ArrayList<>(batch);
        try (ResultSet rows = claim.executeQuery()) {
          while (rows.next()) {
            ids.add(rows.getObject(1, UUID.class));
            rows.getBytes(2);
          }
        }
        return ids;
      }

      @Override
      public void end(List<UUID> ids) throws SQLException {
        Array array = connection.createArrayOf("uuid", ids.toArray());
        end.setArray(1, array);
        end.executeUpdate();
        array.free();
      }

      @Override
      public void close() throws SQLException {
        claim.close();
        end.close();
      }
    };
  }
}
