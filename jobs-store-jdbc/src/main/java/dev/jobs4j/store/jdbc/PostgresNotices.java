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
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells by NOTIFY. In a transaction of the store's own it does so after the commit, on the same
 * connection, and for each queue at most once in {@link #INTERVAL}: who has heard looks at once and
 * again when that is over (see {@link PostgresWakeUps}), so whatever was committed in between is
 * found, and nobody needs a thread to send the last one late. The same after a caller's commit, if
 * the store is told of it. If not, only a NOTIFY inside the transaction comes with its commit: it
 * cannot be kept back, since nobody knows when that is, and the server lets one such transaction
 * commit at a time, so it is sent only if that was asked for.
 */
final class PostgresNotices implements Notices, Transactions.Teller {

  private static final Logger log = LoggerFactory.getLogger(PostgresNotices.class);

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

  /** What callers have committed and somebody is about to tell of. */
  private final Queue<MadeDue> waiting = new ConcurrentLinkedQueue<>();

  private final ReentrantLock sending = new ReentrantLock();

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
  public void stored(Connection connection, Collection<NewJob> jobs) {
    Set<String> queues = transactions.madeDue(connection).queues();
    for (NewJob job : jobs) {
      if (job.due() instanceof Due.In in && in.delay().isZero() && isFree(job)) {
        queues.add(job.queue().name());
      }
    }
  }

  private static boolean isFree(NewJob job) {
    return job.parents().isEmpty() && job.fifo() == null;
  }

  @Override
  public void released(Connection connection, Collection<UUID> jobs) {
    transactions.madeDue(connection).jobs().addAll(jobs);
  }

  @Override
  public void anywhere(Connection connection) {
    transactions.madeDue(connection).setAnywhere();
  }

  @Override
  public void joined(JdbcTransaction transaction, MadeDue made) throws SQLException {
    if (made.isEmpty()) {
      return;
    }
    if (transaction.tellsOfCommit()) {
      transaction.afterCommit(() -> tellLater(made));
    } else if (inCallers) {
      Set<String> queues = queues(transaction.connection(), made);
      if (!queues.isEmpty()) {
        send(transaction.connection(), CALLER, queues);
      }
    }
  }

  /**
   * On another connection, because the caller still has his. One thread takes it for all: many that
   * wait for a pool while each holds one of its connections would wait for each other.
   */
  private void tellLater(MadeDue made) {
    if (isTold(made)) {
      return;
    }
    waiting.add(made);
    while (!waiting.isEmpty() && sending.tryLock()) {
      try {
        transactions.statement("Telling of due jobs", this::tellWaiting);
      } catch (RuntimeException e) { // the caller has committed, and that it stays
        log.debug("Other processes were not told of what is due, they find it when they poll", e);
        waiting.clear();
      } finally {
        sending.unlock();
      }
    }
  }

  private boolean tellWaiting(Connection connection) throws SQLException {
    MadeDue all = new MadeDue();
    for (MadeDue made = waiting.poll(); made != null; made = waiting.poll()) {
      all.add(made);
    }
    tell(connection, all);
    return true;
  }

  /** Most are, and need no connection. */
  private boolean isTold(MadeDue made) {
    long now = machine.nanos().getAsLong();
    return made.jobs().isEmpty()
        && !made.anywhere()
        && made.queues().stream().noneMatch(queue -> isOver(toldAt.get(queue), now));
  }

  private Set<String> dueQueues(Connection connection, Collection<UUID> jobs) throws SQLException {
    return new TreeSet<>(dueQueues.on(connection).ids(jobs).list(row -> row.text("queue")));
  }

  @Override
  public Optional<WakeUps> listen(Set<String> queues) {
    return Optional.of(
        new PostgresWakeUps(transactions, this, machine, PostgresWakeUps.Patience.DEFAULT, queues));
  }

  private Set<String> queues(Connection connection, MadeDue made) throws SQLException {
    if (made.anywhere()) {
      return Set.of(ANY);
    }
    Set<String> queues = new TreeSet<>(made.queues());
    if (!made.jobs().isEmpty()) {
      queues.addAll(dueQueues(connection, made.jobs()));
    }
    return queues;
  }

  @Override
  public void tell(Connection connection, MadeDue made) throws SQLException {
    Set<String> untold = untold(queues(connection, made));
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
