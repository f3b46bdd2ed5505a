package dev.jobs4j.store.jdbc;

import static java.util.Objects.requireNonNull;

import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.StoreException.Certainty;
import dev.jobs4j.spi.WakeUps;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears by LISTEN, on a connection that is kept for it. That word comes through is proved at each
 * connect, by a notice to itself that another connection sends: a pooler which lends a connection
 * for one transaction only takes the LISTEN and drops what comes. A connection on which nothing
 * comes is asked now and then whether it still leads anywhere.
 *
 * <p>Who has heard of a queue answers once more after {@link PostgresNotices#INTERVAL}, in which
 * its sender says nothing of that queue again.
 */
final class PostgresWakeUps implements WakeUps {

  private static final Logger log = LoggerFactory.getLogger(PostgresWakeUps.class);

  /** With how a silent line behaves: a half-open one is noticed within the two together. */
  record Patience(Duration betweenPings, Duration forAnswer) {
    static final Patience DEFAULT = new Patience(Duration.ofSeconds(15), Duration.ofSeconds(5));
  }

  private static final String PROBE = "?";

  /** How long a close may go unnoticed. */
  private static final Duration SLICE = Duration.ofMillis(200);

  private final Transactions transactions;
  private final DataSource dataSource;
  private final PostgresNotices notices;
  private final Machine machine;
  private final Patience patience;
  private final Set<String> queues;

  /** Held by the thread that waits, and by the one that closes if nobody waits. */
  private final ReentrantLock busy = new ReentrantLock();

  private volatile boolean closed;

  // Guarded by busy.
  private @Nullable Connection connection;
  private boolean autoCommitBefore;
  private int timeoutBefore;
  private long answeredAt;
  private @Nullable Long lookAgainAt;

  PostgresWakeUps(
      Transactions transactions,
      PostgresNotices notices,
      Machine machine,
      Patience patience,
      Set<String> queues) {
    this.transactions = transactions;
    this.dataSource = transactions.dataSource();
    this.notices = notices;
    this.machine = machine;
    this.patience = patience;
    this.queues = new HashSet<>(queues);
    this.queues.add(PostgresNotices.ANY);
  }

  @Override
  public boolean await(Duration longest) {
    busy.lock();
    try {
      if (closed) {
        return false;
      }
      if (connection == null) {
        connect();
        return true;
      }
      return listen(longest);
    } catch (SQLException e) {
      giveUp();
      throw SqlErrors.toStoreException("Listening", Certainty.NOT_DONE, e);
    } catch (RuntimeException e) {
      giveUp();
      throw e;
    } finally {
      busy.unlock();
      leaveIfClosed();
    }
  }

  private void connect() throws SQLException {
    Connection taken = dataSource.getConnection();
    connection = taken;
    timeoutBefore = taken.getNetworkTimeout();
    autoCommitBefore = taken.getAutoCommit();
    if (!autoCommitBefore) {
      taken.setAutoCommit(true);
    }
    taken.setNetworkTimeout(Runnable::run, (int) patience.forAnswer().toMillis());
    if (!taken.isWrapperFor(PGConnection.class)) {
      throw new SQLException(
          "the driver is not the PostgreSQL JDBC driver and tells of no notices");
    }
    try (Statement statement = taken.createStatement()) {
      statement.execute("LISTEN \"" + notices.channel() + "\"");
    }
    prove(taken);
    answeredAt = now();
    lookAgainAt = null;
  }

  /** Sends from another connection and waits for it here, where nothing else is said meanwhile. */
  private void prove(Connection taken) throws SQLException {
    String word = PROBE + Long.toHexString((long) (machine.chance().getAsDouble() * (1L << 53)));
    transactions.statement(
        "Proving that notices arrive",
        other -> {
          try (PreparedStatement statement = other.prepareStatement("SELECT pg_notify(?, ?)")) {
            statement.setString(1, notices.channel());
            statement.setString(2, word);
            return statement.execute();
          }
        });
    long since = now();
    for (Duration left = patience.forAnswer();
        left.toMillis() > 0;
        left = patience.forAnswer().minusNanos(now() - since)) {
      if (notifications(taken, left).contains(word)) {
        return;
      }
    }
    throw new StoreException(
        "The database takes LISTEN, but no notice arrives: a pooler that shares a connection among"
            + " transactions (PgBouncer) cannot pass them on. Set JdbcStoreOptions.wakeUps"
            + " (jobs.jdbc.wake-ups) to NEVER, or give the store a data source that leads to the"
            + " server itself or to a pooler in session mode",
        Certainty.NOT_DONE,
        new SQLException("no notice within " + patience.forAnswer(), "08000"));
  }

  private boolean listen(Duration longest) throws SQLException {
    Connection listening = requireNonNull(connection);
    long since = now();
    do {
      Duration untilPing = patience.betweenPings().minusNanos(now() - answeredAt);
      if (untilPing.isNegative()) {
        ping(listening);
      }
      if (hears(listening, shorter(SLICE, longest.minusNanos(now() - since)))) {
        return true;
      }
    } while (!closed && now() - since < longest.toNanos());
    return false;
  }

  /** Whether there is word, or it is time for the second look. */
  private boolean hears(Connection listening, Duration longest) throws SQLException {
    Long again = lookAgainAt;
    Duration wait = again == null ? longest : shorter(longest, Duration.ofNanos(again - now()));
    boolean heard = false;
    for (String words : notifications(listening, wait)) {
      heard |= isForUs(words);
    }
    if (heard) {
      lookAgainAt = now() + PostgresNotices.INTERVAL.toNanos();
    } else if (again != null && now() - again >= 0) {
      lookAgainAt = null;
      heard = true;
    }
    return heard;
  }

  private boolean isForUs(String words) {
    List<String> lines = words.lines().toList();
    return !lines.isEmpty()
        && !lines.get(0).equals(notices.sender())
        && lines.stream().skip(1).anyMatch(queues::contains);
  }

  /** Zero would wait for ever. */
  private List<String> notifications(Connection listening, Duration longest) throws SQLException {
    int millis = (int) Math.max(1, Math.min(longest.toMillis(), Integer.MAX_VALUE));
    PGNotification[] arrived = listening.unwrap(PGConnection.class).getNotifications(millis);
    if (arrived == null || arrived.length == 0) {
      return List.of();
    }
    answeredAt = now();
    return List.of(arrived).stream().map(PGNotification::getParameter).toList();
  }

  /** A line that is broken and does not say so answers nothing until the timeout. */
  private void ping(Connection listening) throws SQLException {
    try (Statement statement = listening.createStatement()) {
      statement.execute("SELECT 1");
    }
    answeredAt = now();
  }

  private long now() {
    return machine.nanos().getAsLong();
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private void giveUp() {
    Connection broken = connection;
    connection = null;
    if (broken != null) {
      BrokenConnection.giveUp(broken);
    }
  }

  /** A thread that reads from the server cannot be interrupted: it looks up now and then. */
  @Override
  public void close() {
    closed = true;
    leaveIfClosed();
  }

  /** By whoever comes last, the one who closes or the one who waits. */
  private void leaveIfClosed() {
    if (closed && busy.tryLock()) {
      try {
        leave();
      } finally {
        busy.unlock();
      }
    }
  }

  /** Gives the connection back as it came, but for what every pool sets right. */
  private void leave() {
    Connection listening = connection;
    if (listening == null) {
      return;
    }
    try (Statement statement = listening.createStatement()) {
      statement.execute("UNLISTEN *");
      listening.setNetworkTimeout(Runnable::run, timeoutBefore);
      if (!autoCommitBefore) {
        listening.setAutoCommit(false);
      }
      connection = null;
      listening.close();
    } catch (SQLException e) {
      log.debug("The listener's connection could not be given back as it was", e);
      giveUp();
    }
  }
}
