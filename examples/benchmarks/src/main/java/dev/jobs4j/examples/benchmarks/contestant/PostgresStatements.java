package dev.jobs4j.examples.benchmarks.contestant;

import java.io.IOException;
import java.io.StringReader;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.postgresql.PGConnection;

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
      SELECT id, 'q', 'PENDING', 3, statement_timestamp() + ? * interval '1 second', 0, 0, ?
        FROM unnest(?::uuid[]) AS id
      """;

  private static final String INSERT =
      "INSERT INTO plain_job VALUES (?, 'q', 'PENDING', 3, statement_timestamp(), 0, 0, ?)";

  private static final String INSERT_AND_NOTIFY =
      """
      WITH stored AS (
        INSERT INTO plain_job VALUES (?, 'q', 'PENDING', 3, statement_timestamp(), 0, 0, ?)
        RETURNING id)
      SELECT pg_notify('plain_job', '') FROM stored
      """;

  /** How it differs from the plainest way. */
  enum Trait {
    KEEP("ended jobs kept by UPDATE"),
    NOTIFY("other processes woken by NOTIFY"),
    COPY("bulk by COPY");

    private final String about;

    Trait(String about) {
      this.about = about;
    }
  }

  private final Layout layout;
  private final Set<Trait> traits;

  PostgresStatements(Layout layout, Trait... traits) {
    this.layout = layout;
    this.traits = Set.of(traits);
  }

  @Override
  public String about() {
    StringBuilder about = new StringBuilder(layout.about);
    traits.forEach(trait -> about.append(", ").append(trait.about));
    return about.toString();
  }

  @Override
  public boolean keepsEnded() {
    return traits.contains(Trait.KEEP);
  }

  @Override
  public boolean notifies() {
    return traits.contains(Trait.NOTIFY);
  }

  @Override
  public List<String> tables() {
    return List.of(
        """
        CREATE TABLE IF NOT EXISTS plain_job (
          id uuid PRIMARY KEY, queue text NOT NULL, state text NOT NULL, priority smallint NOT NULL,
          run_at timestamptz NOT NULL, attempt int NOT NULL, token bigint NOT NULL,
          payload bytea NOT NULL)
        """
            + layout.storage,
        "CREATE INDEX IF NOT EXISTS plain_claim ON plain_job (queue, priority, run_at, id) "
            + layout.condition);
  }

  @Override
  public String insert() {
    return notifies() ? INSERT_AND_NOTIFY : INSERT;
  }

  @Override
  public void insertAll(Connection connection, List<UUID> ids, Duration delay) throws SQLException {
    if (traits.contains(Trait.COPY)) {
      copyAll(connection, ids, delay);
      return;
    }
    try (PreparedStatement insert = connection.prepareStatement(INSERT_ALL)) {
      insert.setLong(1, delay.toSeconds());
      insert.setBytes(2, PlainStatements.payload());
      insert.setArray(3, connection.createArrayOf("uuid", ids.toArray()));
      insert.executeUpdate();
    }
  }

  private static void copyAll(Connection connection, List<UUID> ids, Duration delay)
      throws SQLException {
    String rest =
        "\tq\tPENDING\t3\t"
            + OffsetDateTime.now(ZoneOffset.UTC).plus(delay)
            + "\t0\t0\t\\\\x"
            + HexFormat.of().formatHex(PlainStatements.payload())
            + "\n";
    StringBuilder rows = new StringBuilder(ids.size() * (36 + rest.length()));
    ids.forEach(id -> rows.append(id).append(rest));
    try {
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn("COPY plain_job FROM STDIN", new StringReader(rows.toString()));
    } catch (IOException e) {
      throw new SQLException("COPY failed", e);
    }
  }

  @Override
  public Session open(Connection connection) throws SQLException {
    PreparedStatement claim = connection.prepareStatement(CLAIM);
    PreparedStatement end = connection.prepareStatement(keepsEnded() ? KEEP : DELETE);
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
