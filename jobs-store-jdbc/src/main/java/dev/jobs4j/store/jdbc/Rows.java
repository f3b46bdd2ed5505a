package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.TokenLease;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads columns and binds parameters; by name, so that statements may order their columns. */
final class Rows {

  private Rows() {}

  static UUID uuid(ResultSet row, String column) throws SQLException {
    return row.getObject(column, UUID.class);
  }

  static JobId id(ResultSet row) throws SQLException {
    return new JobId(uuid(row, "id"));
  }

  static TokenLease lease(ResultSet row) throws SQLException {
    return new TokenLease(id(row), row.getLong("token"));
  }

  static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }

  static @Nullable Integer integerOrNull(ResultSet row, String column) throws SQLException {
    int value = row.getInt(column);
    return row.wasNull() ? null : value;
  }

  /** A claimed row; its token and attempt are those of the claim. */
  static LeasedJob leased(ResultSet row, long token, int attempt) throws SQLException {
    JobId id = id(row);
    return new LeasedJob(
        new TokenLease(id, token),
        id,
        row.getString("type"),
        row.getInt("type_version"),
        new JobQueue(row.getString("queue")),
        new Payload(row.getString("codec"), row.getBytes("payload")),
        attempt,
        integerOrNull(row, "max_attempts"),
        OptionalLong.of(token),
        row.getBoolean("suspect"),
        row.getString("tenant"),
        Headers.read(row.getString("headers")),
        row.getString("origin"));
  }

  static LeasedJob leased(ResultSet row) throws SQLException {
    return leased(row, row.getLong("token"), row.getInt("attempt"));
  }

  static Array uuids(Connection connection, Collection<UUID> ids) throws SQLException {
    return connection.createArrayOf("uuid", ids.toArray());
  }

  static Array texts(Connection connection, Collection<String> texts) throws SQLException {
    return connection.createArrayOf("varchar", texts.toArray());
  }

  static void set(PreparedStatement statement, int index, @Nullable Integer value)
      throws SQLException {
    if (value == null) {
      statement.setNull(index, Types.INTEGER);
    } else {
      statement.setInt(index, value);
    }
  }

  static void set(PreparedStatement statement, int index, byte @Nullable [] value)
      throws SQLException {
    if (value == null) {
      statement.setNull(index, Types.BINARY);
    } else {
      statement.setBytes(index, value);
    }
  }

  /** The ids that a statement finds whose one parameter is a list of ids. */
  static Set<UUID> find(Connection connection, String sql, Collection<UUID> ids)
      throws SQLException {
    return find(connection, sql, ids, 1);
  }

  /** The same, where the list is needed in several places. */
  static Set<UUID> find(Connection connection, String sql, Collection<UUID> ids, int places)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 1; i <= places; i++) {
        statement.setArray(i, uuids(connection, ids));
      }
      return ids(statement);
    }
  }

  /** The ids in the first column of what a statement finds. */
  static Set<UUID> ids(PreparedStatement statement) throws SQLException {
    Set<UUID> found = new LinkedHashSet<>();
    try (ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        found.add(row.getObject(1, UUID.class));
      }
    }
    return found;
  }

  /** Runs a statement whose one parameter is a list of ids; returns how many rows it touched. */
  static int update(Connection connection, String sql, Collection<UUID> ids) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setArray(1, uuids(connection, ids));
      return statement.executeUpdate();
    }
  }

  /** The leases that a statement finds for one engine. */
  static List<TokenLease> leases(Connection connection, String sql, UUID engine)
      throws SQLException {
    List<TokenLease> leases = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setObject(1, engine);
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          leases.add(lease(row));
        }
      }
    }
    return leases;
  }
}
