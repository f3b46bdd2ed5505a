package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.Due;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.WakeUps;
import dev.jobs4j.store.jdbc.JdbcStoreOptions.WakeUpMode;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells by NOTIFY. In a transaction of the store's own it does so after the commit, on the same
 * connection, and for each queue at most once in {@link #INTERVAL}: who has heard looks at once and
 * again when that is over (see {@link PostgresWakeUps}), so whatever was committed in between is
 * found, and nobody needs a thread to send the last one late. In a caller's transaction only a
 * NOTIFY inside it comes with the commit, and nobody knows when that is, so each one sends.
 */
final class PostgresNotices implements Notices, Transactions.Teller {

  /** For so long after a notice the same queue is not told of again. */
  static final Duration INTERVAL = Duration.ofMillis(20);

  /** Stands for every queue; no queue is called so. */
  static final String ANY = "*";

  /** Stands for the sender of what is said in callers' transactions; those hear it as well. */
  static final String CALLER = "-";

  /** The server takes less than 8000 bytes. */
  private static final int MOST_BYTES = 7_900;

  private static final String NOTIFY = "SELECT pg_notify(?, ?)";

  private final Transactions transactions;
  private final String channel;
  private final Machine machine;
  private final boolean inCallers;
  private final String sender;
  private final Command dueQueues;

  /** When each queue was told of last. */
  private final Map<String, Long> toldAt = new ConcurrentHashMap<>();

  PostgresNotices(
      Transactions transactions, Sql sql, String channel, WakeUpMode mode, Machine machine) {
    this.transactions = transactions;
    this.channel = channel;
    this.machine = machine;
    inCallers = mode == WakeUpMode.ALWAYS;
    sender = Long.toHexString((long) (machine.chance().getAsDouble() * (1L << 53)));
    dueQueues =
        sql.command(
            """
            SELECT DISTINCT queue FROM {p}job
             WHERE id = ANY (?) AND state = 'PENDING' AND block_reason IS NULL
               AND run_at <= {now}
            """);
  }

  /** Who says so: a store does not listen to itself, whoever is in its process knows already. */
  String sender() {
    return sender;
  }

  String channel() {
    return channel;
  }

  @Override
  public void stored(Connection connection, Collection<NewJob> jobs) throws SQLException {
    Set<String> queues = new TreeSet<>();
    for (NewJob job : jobs) {
      if (job.due() instanceof Due.In in && in.delay().isZero() && isFree(job)) {
        queues.add(job.queue().name());
      }
    }
    if (queues.isEmpty()) {
      return;
    }
    MadeDue made = transactions.madeDue(connection);
    if (made != null) {
      made.queues().addAll(queues);
    } else if (inCallers) {
      send(connection, CALLER, queues);
    }
  }

  private static boolean isFree(NewJob job) {
    return job.parents().isEmpty() && job.fifo() == null;
  }

  @Override
  public void released(Connection connection, Collection<UUID> jobs) throws SQLException {
    if (jobs.isEmpty()) {
      return;
    }
    MadeDue made = transactions.madeDue(connection);
    if (made != null) {
      made.jobs().addAll(jobs);
    } else if (inCallers) {
      Set<String> queues = dueQueues(connection, jobs);
      if (!queues.isEmpty()) {
        send(connection, CALLER, queues);
      }
    }
  }

  @Override
  public void anywhere(Connection connection) throws SQLException {
    MadeDue made = transactions.madeDue(connection);
    if (made != null) {
      made.setAnywhere();
    } else if (inCallers) {
      send(connection, CALLER, Set.of(ANY));
    }
  }

  private Set<String> dueQueues(Connection connection, Collection<UUID> jobs) throws SQLException {
    return new TreeSet<>(dueQueues.on(connection).ids(jobs).list(row -> row.text("queue")));
  }

  @Override
  public Optional<WakeUps> listen(Set<String> queues) {
    return Optional.of(
        new PostgresWakeUps(transactions, this, machine, PostgresWakeUps.Patience.DEFAULT, queues));
  }

  @Override
  public void tell(Connection connection, MadeDue made) throws SQLException {
    Set<String> queues = new TreeSet<>(made.queues());
    if (made.anywhere()) {
      queues = Set.of(ANY);
    } else if (!made.jobs().isEmpty()) {
      queues.addAll(dueQueues(connection, made.jobs()));
    }
    Set<String> untold = untold(queues);
    if (untold.isEmpty()) {
      return;
    }
    try {
      send(connection, sender, untold);
    } catch (SQLException e) {
      toldAt.keySet().removeAll(untold);
      throw e;
    }
  }

  /** Those that nobody was told of within the interval; they count as told from now on. */
  private Set<String> untold(Set<String> queues) {
    long now = machine.nanos().getAsLong();
    Set<String> untold = new TreeSet<>();
    for (String queue : queues) {
      toldAt.compute(
          queue,
          (name, before) -> {
            if (isOver(before, now)) {
              untold.add(name);
              return now;
            }
            return before;
          });
    }
    return untold;
  }

  private static boolean isOver(@Nullable Long before, long now) {
    return before == null || now - before >= INTERVAL.toNanos();
  }

  private void send(Connection connection, String from, Set<String> queues) throws SQLException {
    String words = from + "\n" + String.join("\n", queues);
    if (words.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
      words = from + "\n" + ANY;
    }
    try (PreparedStatement statement = connection.prepareStatement(NOTIFY)) {
      statement.setString(1, channel);
      statement.setString(2, words);
      statement.execute();
    }
  }
}
