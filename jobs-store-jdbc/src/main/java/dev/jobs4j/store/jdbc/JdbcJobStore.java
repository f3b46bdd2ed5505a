package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.Durability;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobLimits;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobTransaction;
import dev.jobs4j.api.Pauses;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.EngineInfo;
import dev.jobs4j.spi.JobNotes;
import dev.jobs4j.spi.JobRecords;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.LetterRule;
import dev.jobs4j.spi.Mailbox;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.PruneRequest;
import dev.jobs4j.spi.ReapRequest;
import dev.jobs4j.spi.Reaped;
import dev.jobs4j.spi.ScheduleStore;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.StoreException.Certainty;
import dev.jobs4j.spi.TokenLease;
import dev.jobs4j.spi.WakeUps;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps jobs in tables of PostgreSQL, MariaDB, MySQL or H2, reached through a {@link DataSource} of
 * the host. The database's clock is the store's clock.
 *
 * <p>Connections are taken for one call and given back as they came; auto-commit may be on or off.
 * One is kept while an engine works on the store, for the renewals of its lease, and on PostgreSQL
 * one to hear of due jobs from other processes ({@link JdbcStoreOptions.WakeUpMode}), so a pool
 * needs at least two, there four, and with an archive one more. A driver without a socket timeout
 * waits for ever for a server that vanished: set one. Connections that do not come as READ
 * COMMITTED are set so for each call, at the cost of round trips.
 *
 * <p>MariaDB must be 10.6 or later, MySQL 8.0.17. A payload there has at most half of {@code
 * max_allowed_packet} less 64 KiB.
 */
public final class JdbcJobStore implements JobStore {

  private static final Logger log = LoggerFactory.getLogger(JdbcJobStore.class);

  private final Parts parts;
  private final Set<Capability> capabilities;
  private final JdbcDialect dialect;
  private final Transactions transactions;
  private final RenewalConnection renewals;
  private final Home home;
  private final Inserts inserts;
  private final Engines engines;
  private final Claims claims;
  private final Settlements settlements;
  private final Reaping reaping;
  private final Interventions interventions;
  private final Pruning pruning;
  private final JobRecords records;
  private final JobNotes notes;
  private final ScheduleStore schedules;
  private final JdbcPauses pauses;
  private final JobLimits limits;

  private JdbcJobStore(Parts parts, LetterRule rule) {
    this.parts = parts;
    transactions = parts.transactions();
    dialect = parts.dialect();
    capabilities = parts.capabilities();
    renewals = parts.renewals();
    home = parts.home();
    Sql sql = parts.sql();
    RowInserts rows = dialect.inserts(sql);
    UniqueKeys keys = new UniqueKeys(sql, rows);
    Notices notices = parts.notices();
    Waiting waiting = new Waiting(sql, keys, notices);
    Lines lines = new Lines(sql, rows, notices);
    inserts = new Inserts(sql, rows, keys, waiting, lines, notices);
    Burials burials = new Burials(sql, inserts, rule);
    engines = new Engines(transactions, renewals, sql);
    claims = dialect.claims(transactions, sql);
    Limits permits = new Limits(sql);
    settlements =
        new Settlements(
            transactions,
            sql,
            dialect.settleStep(sql, parts.history()),
            keys,
            waiting,
            permits,
            inserts,
            burials,
            notices,
            parts.history());
    reaping = new Reaping(transactions, sql, keys, waiting, lines, permits, burials, notices);
    interventions = new Interventions(transactions, sql, keys, waiting, lines, burials, notices);
    pruning = new Pruning(transactions, sql, interventions, keys, permits, parts.archive());
    limits = new JdbcLimits(transactions, sql, notices);
    JdbcReports reports = new JdbcReports(transactions, sql);
    pauses = new JdbcPauses(transactions, sql, notices);
    Looks looks = new Looks(sql, pauses, permits);
    records = new JdbcJobRecords(transactions, sql, interventions, lines, reports, looks);
    notes = new JdbcJobNotes(transactions, sql, reports);
    schedules = new JdbcSchedules(transactions, sql, inserts);
  }

  /** What all views of one store share. */
  private record Parts(
      Transactions transactions,
      JdbcDialect dialect,
      Set<Capability> capabilities,
      RenewalConnection renewals,
      Home home,
      JdbcStoreOptions.History history,
      boolean archive,
      Sql sql,
      Notices notices) {

    static Parts of(
        Transactions transactions,
        JdbcDialect dialect,
        JdbcStoreOptions options,
        Sql sql,
        Machine machine) {
      Set<Capability> able = EnumSet.allOf(Capability.class);
      if (!transactions.read("Looking for other copies of the database", dialect::hasCopies)) {
        able.remove(Capability.MAJORITY);
      }
      if (options.history() == JdbcStoreOptions.History.DELETE) {
        able.remove(Capability.ARCHIVE);
      }
      return new Parts(
          transactions,
          dialect,
          Set.copyOf(able),
          new RenewalConnection(transactions.dataSource(), machine),
          new Home(transactions, sql),
          options.history(),
          options.archive(),
          sql,
          dialect.notices(transactions, sql, options, machine));
    }
  }

  @Override
  public JdbcJobStore following(LetterRule rule) {
    return new JdbcJobStore(parts, rule);
  }

  /** The data source it was made with: only transactions of this one can be joined. */
  public DataSource dataSource() {
    return transactions.dataSource();
  }

  /** A store with the {@linkplain JdbcStoreOptions#defaults() default options}. */
  public static JdbcJobStore of(DataSource dataSource) {
    return of(dataSource, JdbcStoreOptions.defaults());
  }

  /**
   * A store; makes or checks its tables as the options say.
   *
   * @throws InvalidJobException if the database is not supported, or its tables are not as they
   *     should be; names the setting to mend
   * @throws StoreException if the database cannot be reached
   */
  public static JdbcJobStore of(DataSource dataSource, JdbcStoreOptions options) {
    return of(dataSource, options, null);
  }

  /** The same with another clock than the database's, for tests: an SQL expression, stable. */
  static JdbcJobStore of(DataSource dataSource, JdbcStoreOptions options, @Nullable String now) {
    return of(dataSource, options, now, Machine.OWN);
  }

  /** The same on another machine. */
  static JdbcJobStore of(
      DataSource dataSource, JdbcStoreOptions options, @Nullable String now, Machine machine) {
    Transactions transactions = new Transactions(dataSource, machine);
    JdbcDialect dialect = transactions.read("Opening", JdbcDialect::of);
    new SchemaMigrator(transactions, dialect, options).run();
    Sql sql = Sql.of(options, dialect, now == null ? dialect.now() : now);
    JdbcJobStore store =
        new JdbcJobStore(Parts.of(transactions, dialect, options, sql, machine), LetterRule.NONE);
    new StartCheck(transactions, dialect, options, sql).run(store.claims);
    return store;
  }

  /**
   * Joins the transaction that is open on {@code connection}: for {@code jobs.in(transaction)}. The
   * store only runs its inserts there; it never commits, rolls back, closes or repeats, and sets no
   * savepoint. After an exception the transaction is the caller's to roll back. Who waits for a
   * running job, takes a unique key or joins a line locks it until the commit, so commit soon. A
   * job with an id of the caller's own needs READ COMMITTED.
   *
   * @throws InvalidJobException later, at the insert, if the connection is in auto-commit mode or
   *     leads to another database than the store's
   */
  public static JobTransaction transaction(Connection connection) {
    return new JdbcTransaction(connection, null);
  }

  /**
   * The same for a caller who can tell when it has committed: workers in this JVM then start at
   * once instead of at their next poll, and on PostgreSQL those of other processes do.
   *
   * @param afterCommit is given what to run after the commit; it may drop it
   */
  public static JobTransaction transaction(Connection connection, Consumer<Runnable> afterCommit) {
    return new JdbcTransaction(connection, afterCommit);
  }

  @Override
  public Set<Capability> capabilities() {
    return capabilities;
  }

  @Override
  public List<Enqueued> insert(List<NewJob> jobs, Durability durability) {
    inserts.check(jobs);
    String wish = dialect.durability(durability);
    try {
      if (wish != null) {
        return transactions.transaction(
            "Insert",
            connection -> {
              try (Statement statement = connection.createStatement()) {
                statement.execute(wish);
              }
              return inserts.insert(connection, jobs);
            });
      }
      return inserts.isOneStatement(jobs)
          ? transactions.statement("Insert", connection -> inserts.insert(connection, jobs))
          : transactions.transaction("Insert", connection -> inserts.insert(connection, jobs));
    } catch (StoreException e) {
      throw e.getCause() instanceof SQLException sql && SqlErrors.isBadValue(sql)
          ? new InvalidJobException("A value does not fit its column: " + sql.getMessage(), e)
          : e;
    }
  }

  @Override
  public List<Enqueued> insert(List<NewJob> jobs, JobTransaction transaction) {
    if (!(transaction instanceof JdbcTransaction own)) {
      throw new InvalidJobException(
          "transaction must come from JdbcJobStore.transaction(connection), was "
              + transaction.getClass().getName());
    }
    inserts.check(jobs);
    Connection connection = own.connection();
    try {
      if (connection.getAutoCommit()) {
        throw new InvalidJobException(
            "connection is in auto-commit mode and has no transaction to join:"
                + " call setAutoCommit(false) first");
      }
      home.require(connection);
      if (jobs.stream().anyMatch(NewJob::mayExist)
          && connection.getTransactionIsolation() > Connection.TRANSACTION_READ_COMMITTED) {
        throw new InvalidJobException(
            "An id of the caller's own needs a transaction that is READ COMMITTED: in a stricter one"
                + " it cannot be seen whether a job of this id has ended meanwhile");
      }
      MadeDue made = new MadeDue();
      List<Enqueued> enqueued =
          transactions.join(connection, made, joined -> inserts.insert(joined, jobs));
      parts.notices().joined(own, made);
      return enqueued;
    } catch (SQLException e) {
      if (SqlErrors.isBadValue(e)) {
        throw new InvalidJobException("A value does not fit its column: " + e.getMessage(), e);
      }
      throw SqlErrors.toStoreException("Insert in the caller's transaction", Certainty.NOT_DONE, e);
    }
  }

  @Override
  public void register(EngineInfo engine) {
    engines.register(engine);
  }

  @Override
  public Optional<Mailbox> renew(EngineId engine) {
    Optional<Mailbox> mailbox = engines.renew(engine);
    if (mailbox.isEmpty()) {
      claims.left(engine);
    }
    return mailbox;
  }

  @Override
  public void retire(EngineId engine) {
    claims.left(engine);
    reaping.retire(engine);
  }

  @Override
  public List<LeasedJob> claim(ClaimRequest request) {
    return claims.claim(request);
  }

  @Override
  public Optional<Duration> opensIn(JobQueue queue) {
    return claims.opensIn(queue);
  }

  @Override
  public boolean hasMetLimits() {
    return claims.hasMetLimits();
  }

  @Override
  public Optional<JobLimits> limits() {
    return Optional.of(limits);
  }

  @Override
  public List<LeasedJob> claimed(EngineId engine, UUID claimId) {
    List<LeasedJob> jobs = engines.claimed(engine, claimId);
    claims.given(engine, claimId, jobs);
    return jobs;
  }

  @Override
  public Set<TokenLease> held(EngineId engine) {
    return engines.held(engine);
  }

  @Override
  public Set<TokenLease> settle(List<Settlement> batch) {
    Set<TokenLease> lost = settlements.settle(batch);
    claims.ended(batch.stream().map(Settlement::lease).toList());
    if (batch.stream().anyMatch(settlement -> settlement.outcome() instanceof Outcome.Released)) {
      claims.lookAgain(); // these are due where they were
    }
    return lost;
  }

  @Override
  public Set<TokenLease> settled(Collection<TokenLease> leases) {
    Set<TokenLease> settled = settlements.settled(leases);
    claims.ended(settled);
    return settled;
  }

  @Override
  public Reaped reap(ReapRequest request) {
    Reaped reaped = reaping.reap(request);
    if (!reaped.more()) {
      tend();
    }
    return reaped;
  }

  /** What was reaped is told whatever becomes of this. */
  private void tend() {
    try {
      claims.tend();
    } catch (RuntimeException e) {
      log.debug("What claims rest on was not tended, the next reap tries it again", e);
    }
  }

  @Override
  public List<JobId> expire(int limit) {
    return interventions.expire(limit);
  }

  @Override
  public int prune(PruneRequest request) {
    return pruning.prune(request) + pauses.prune();
  }

  @Override
  public Optional<Pauses> pauses() {
    return Optional.of(pauses);
  }

  @Override
  public Optional<WakeUps> wakeUps(Set<JobQueue> queues) {
    return parts.notices().listen(queues.stream().map(JobQueue::name).collect(Collectors.toSet()));
  }

  @Override
  public JobRecords records() {
    return records;
  }

  @Override
  public Optional<JobNotes> notes() {
    return Optional.of(notes);
  }

  @Override
  public ScheduleStore schedules() {
    return schedules;
  }

  /** Gives the renewals' connection back; the data source is the host's and stays open. */
  @Override
  public void close() {
    renewals.close();
  }
}
