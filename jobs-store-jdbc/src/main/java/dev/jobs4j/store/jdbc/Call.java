package dev.jobs4j.store.jdbc;

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
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One execution of a {@link Command}: first its parameters, in order, then what to do with it. */
final class Call {

  /** The state of a value that is too long for its column. */
  private static final String TOO_LONG = "22001";

  /** Binds one parameter and returns the index behind it. */
  private interface Parameter {
    int bind(PreparedStatement statement, int index) throws SQLException;
  }

  /** What is made of a row. */
  interface Reader<T> {
    T read(Row row) throws SQLException;
  }

  /** What is done with each row. */
  interface Visitor {
    void visit(Row row) throws SQLException;
  }

  private final Connection connection;
  private final Command command;
  private final Values values;
  private final List<Parameter> parameters = new ArrayList<>();
  private final List<Integer> sizes = new ArrayList<>();

  Call(Connection connection, Command command, Values values) {
    this.connection = connection;
    this.command = command;
    this.values = values;
  }

  Call id(UUID id) {
    return add((statement, index) -> values.bind(statement, index, id));
  }

  Call ids(Collection<UUID> ids) {
    sizes.add(ids.size());
    parameters.add((statement, index) -> values.bindIds(statement, index, ids));
    return this;
  }

  Call idOrNull(@Nullable UUID id) {
    return add(
        (statement, index) -> {
          if (id == null) {
            statement.setNull(index, Types.OTHER);
          } else {
            values.bind(statement, index, id);
          }
        });
  }

  Call text(@Nullable String text) {
    return add((statement, index) -> statement.setString(index, text));
  }

  Call texts(Collection<String> texts) {
    sizes.add(texts.size());
    parameters.add((statement, index) -> values.bindTexts(statement, index, texts));
    return this;
  }

  Call timeOrNull(@Nullable OffsetDateTime time) {
    return add(
        (statement, index) -> {
          if (time == null) {
            statement.setNull(index, Types.TIMESTAMP);
          } else {
            values.bind(statement, index, time);
          }
        });
  }

  Call numberOrNull(@Nullable Long number) {
    return add((statement, index) -> statement.setObject(index, number, Types.BIGINT));
  }

  Call number(long number) {
    return add((statement, index) -> statement.setLong(index, number));
  }

  Call integer(@Nullable Integer number) {
    return add(
        (statement, index) -> {
          if (number == null) {
            statement.setNull(index, Types.INTEGER);
          } else {
            statement.setInt(index, number);
          }
        });
  }

  Call time(OffsetDateTime time) {
    return add((statement, index) -> values.bind(statement, index, time));
  }

  /** To the microsecond. */
  Call instantOrNull(@Nullable Instant time) {
    return add(
        (statement, index) -> {
          if (time == null) {
            statement.setNull(index, Types.TIMESTAMP_WITH_TIMEZONE);
          } else {
            values.bind(statement, index, Micros.of(time));
          }
        });
  }

  Call flagOrNull(@Nullable Boolean flag) {
    return add((statement, index) -> statement.setObject(index, flag, Types.BOOLEAN));
  }

  Call flag(boolean flag) {
    return add((statement, index) -> statement.setBoolean(index, flag));
  }

  Call bytes(byte @Nullable [] bytes) {
    return add(
        (statement, index) -> {
          if (bytes == null) {
            statement.setNull(index, Types.BINARY);
          } else if (bytes.length > values.maxBytes()) {
            throw new SQLException(
                "bytes are %d, the database takes at most %d"
                    .formatted(bytes.length, values.maxBytes()),
                TOO_LONG);
          } else {
            statement.setBytes(index, bytes);
          }
        });
  }

  private interface Setter {
    void set(PreparedStatement statement, int index) throws SQLException;
  }

  private Call add(Setter setter) {
    parameters.add(
        (statement, index) -> {
          setter.set(statement, index);
          return index + 1;
        });
    return this;
  }

  void bind(PreparedStatement statement) throws SQLException {
    int index = 1;
    for (Parameter parameter : parameters) {
      index = parameter.bind(statement, index);
    }
  }

  PreparedStatement prepare() throws SQLException {
    return connection.prepareStatement(command.text(sizes));
  }

  /** Runs it; returns how many rows it touched. */
  int update() throws SQLException {
    try (PreparedStatement statement = prepare()) {
      bind(statement);
      return statement.executeUpdate();
    }
  }

  /** Runs it and reads every row. */
  void each(Visitor visitor) throws SQLException {
    try (PreparedStatement statement = prepare()) {
      bind(statement);
      try (ResultSet found = statement.executeQuery()) {
        Row row = new Row(found, values);
        while (found.next()) {
          visitor.visit(row);
        }
      }
    }
  }

  /** Runs it; returns what is made of every row. */
  <T> List<T> list(Reader<T> reader) throws SQLException {
    List<T> read = new ArrayList<>();
    each(row -> read.add(reader.read(row)));
    return read;
  }

  /** Runs it; returns what is made of the first row, if there is one. */
  <T> Optional<T> first(Reader<T> reader) throws SQLException {
    return list(reader).stream().findFirst();
  }

  /** Runs it; returns the ids in its first column, in the order in which they come. */
  Set<UUID> findIds() throws SQLException {
    Set<UUID> ids = new LinkedHashSet<>();
    each(row -> ids.add(row.firstId()));
    return ids;
  }
}
