package dev.jobs4j.examples.benchmarks.contestant;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** MariaDB and H2: locks what is due, then writes by key; stores by INSERTs of many rows. */
final class KeyedStatements implements PlainStatements {

  private static final int ROWS = 500;
  private static final int ID_BYTES = 16;

  /** What the two call by different names. */
  enum Words {
    MARIADB("datetime(6)", "UTC_TIMESTAMP(6)"),
    H2("timestamp with time zone", "CURRENT_TIMESTAMP");

    private final String timestamp;
    private final String now;

    Words(String timestamp, String now) {
      this.timestamp = timestamp;
      this.now = now;
    }
  }

  private final Words words;

  KeyedStatements(Words words) {
    this.words = words;
  }

  @Override
  public String about() {
    return "SELECT .. FOR UPDATE SKIP LOCKED, writes by key";
  }

  @Override
  public boolean keepsEnded() {
    return false;
  }

  @Override
  public boolean notifies() {
    return false;
  }

  @Override
  public List<String> tables() {
    return List.of(
        """
        CREATE TABLE IF NOT EXISTS plain_job (
          id binary(16) PRIMARY KEY, queue varchar(60) NOT NULL, state varchar(8) NOT NULL,
          priority smallint NOT NULL, run_at %s NOT NULL, attempt int NOT NULL,
          token bigint NOT NULL, payload varbinary(200) NOT NULL)
        """
            .formatted(words.timestamp),
        "CREATE INDEX IF NOT EXISTS plain_claim"
            + " ON plain_job (queue, state, priority, run_at, id)");
  }

  @Override
  public String insert() {
    return "INSERT INTO plain_job VALUES (?, 'q', 'PENDING', 3, " + words.now + ", 0, 0, ?)";
  }

  /** As the column takes it. */
  @Override
  public Object id(UUID id) {
    return bytes(id);
  }

  private static byte[] bytes(UUID id) {
    return ByteBuffer.allocate(ID_BYTES)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .array();
  }

  @Override
  public void insertAll(Connection connection, List<UUID> ids, Duration delay) throws SQLException {
    String row =
        ", (?, 'q', 'PENDING', 3, TIMESTAMPADD(SECOND, "
            + delay.toSeconds()
            + ", "
            + words.now
            + "), 0, 0, ?)";
    byte[] payload = PlainStatements.payload();
    for (int done = 0; done < ids.size(); done += ROWS) {
      List<UUID> part = ids.subList(done, Math.min(ids.size(), done + ROWS));
      String sql = "INSERT INTO plain_job VALUES " + row.repeat(part.size()).substring(2);
      try (PreparedStatement insert = connection.prepareStatement(sql)) {
        int parameter = 1;
        for (UUID id : part) {
          insert.setBytes(parameter++, bytes(id));
          insert.setBytes(parameter++, payload);
        }
        insert.executeUpdate();
      }
    }
  }

  @Override
  public Session open(Connection connection) throws SQLException {
    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    PreparedStatement due =
        connection.prepareStatement(
            """
            SELECT id, payload FROM plain_job
             WHERE queue = 'q' AND state = 'PENDING' AND priority = 3 AND run_at <= %s
             ORDER BY run_at, id LIMIT ? FOR UPDATE SKIP LOCKED
            """
                .formatted(words.now));
    return new Session() {
      @Override
      public List<UUID> claim(int batch) throws SQLException {
        connection.setAutoCommit(false);
        due.setInt(1, batch);
        List<UUID> ids = new ArrayList<>(batch);
        try (ResultSet rows = due.executeQuery()) {
          while (rows.next()) {
            ByteBuffer id = ByteBuffer.wrap(rows.getBytes(1));
            ids.add(new UUID(id.getLong(), id.getLong()));
            rows.getBytes(2);
          }
        }
        if (!ids.isEmpty()) {
          byKey(
              "UPDATE plain_job SET state = 'RUNNING', attempt = attempt + 1, token = token + 1",
              ids);
        }
        connection.commit();
        return ids;
      }

      @Override
      public void end(List<UUID> ids) throws SQLException {
        byKey("DELETE FROM plain_job", ids);
        connection.commit();
      }

      private void byKey(String statement, List<UUID> ids) throws SQLException {
        String sql = statement + " WHERE id IN (?" + ", ?".repeat(ids.size() - 1) + ")";
        try (PreparedStatement write = connection.prepareStatement(sql)) {
          int parameter = 1;
          for (UUID id : ids) {
            write.setBytes(parameter++, bytes(id));
          }
          write.executeUpdate();
        }
      }

      @Override
      public void close() throws SQLException {
        due.close();
        connection.setAutoCommit(true);
      }
    };
  }
}
