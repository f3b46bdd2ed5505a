package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.InvalidJobException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The database that a store's tables are in. One server has many names, so a connection under
 * another name is asked, once for each name, when the tables it sees were made.
 */
final class Home {

  private static final String MADE = "SELECT MIN(installed_at) FROM {p}schema";

  private final Transactions transactions;
  private final Values values;
  private final String made;
  private final Place own;
  private final Set<Place> known = ConcurrentHashMap.newKeySet();

  Home(Transactions transactions, Sql sql) {
    this.transactions = transactions;
    values = sql.values();
    made = sql.of(MADE);
    own = transactions.read("Opening", Place::of);
    known.add(own);
  }

  /**
   * Lets a caller's connection pass that leads to the tables of this store. Where nobody has noted
   * when they were made there is nothing to go by, and every connection passes.
   *
   * @throws InvalidJobException if it leads elsewhere; names both databases
   */
  void require(Connection connection) throws SQLException {
    Place place = Place.of(connection);
    if (place.url != null && known.contains(place)) {
      return;
    }
    Optional<Instant> here = transactions.read("Looking for the tables", this::made);
    if (here.isPresent() && !here.equals(made(connection))) {
      throw new InvalidJobException(
          "The transaction is one of "
              + place
              + ", but the jobs of this queue are kept in "
              + own
              + ": roll it back, and enqueue them outside of it or in one of their own database");
    }
    known.add(place);
  }

  private Optional<Instant> made(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(made);
        ResultSet row = statement.executeQuery()) {
      return row.next() ? Optional.ofNullable(values.instant(row, 1)) : Optional.empty();
    } catch (SQLException e) {
      if (SqlErrors.isMissingTable(e)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** What a driver tells of where a connection leads, without asking the server. */
  private record Place(@Nullable String url, @Nullable String catalog) {

    static Place of(Connection connection) throws SQLException {
      return new Place(connection.getMetaData().getURL(), connection.getCatalog());
    }

    @Override
    public String toString() {
      return "database " + catalog + " at " + (url == null ? "unknown" : shown(url));
    }
  }

  /** An address without user, password and settings, in whatever form a driver takes them. */
  static String shown(String url) {
    String address = url.replaceAll("[?;].*", "").replaceAll("//.*@", "//");
    int list = address.indexOf('(');
    return list < 0 ? address : address.substring(0, list) + "(..)";
  }
}
