package dev.jobs4j.store.jdbc;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.JobId;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.Outcome;
import java.util.List;

/** One set of tables, a store on it, and one that stumbles. */
final class VictimWorld {

  private static final List<String> TABLES =
      List.of(
          "engine",
          "job",
          "history",
          "dead",
          "audit",
          "attempt",
          "key",
          "wait",
          "note",
          "schedule",
          "pause",
          "limit_rule",
          "limit_key",
          "limit_use",
          "limit_wait",
          "line",
          "place");
  private static final Failure FAILURE = new Failure("E", "e", "");

  /** Prepares what it needs, then does it through the store that stumbles; tells how it went. */
  interface Deed {
    Object of(VictimWorld world) throws Exception;
  }

  final HikariDataSource pool;
  final JdbcStoreOptions options = Databases.newTables();
  final Stumble stumble;
  final JdbcJobStore plain;
  final JdbcJobStore stumbling;
  private int nth;

  VictimWorld(HikariDataSource pool) {
    this.pool = pool;
    stumble = new Stumble(pool);
    plain = JdbcJobStore.of(pool, options);
    stumbling = JdbcJobStore.of(stumble.dataSource(), options);
  }

  String table(String name) {
    return options.tablePrefix() + name;
  }

  JobStore armed() {
    stumble.at(nth);
    return stumbling;
  }

  LeasedJob running() {
    Steps.insert(plain);
    return Steps.claim(plain, 1).get(0);
  }

  JobId dead() {
    LeasedJob job = running();
    Steps.settle(plain, job, new Outcome.Dead(DeadReason.REJECTED, FAILURE));
    return job.id();
  }

  JobId succeeded() {
    LeasedJob job = running();
    Steps.settle(plain, job, Steps.succeeded());
    return job.id();
  }

  Object run(Deed deed, int stumbles) throws Exception {
    for (String table : TABLES) {
      Steps.execute(pool, "DELETE FROM " + table(table));
    }
    nth = stumbles;
    stumble.at(0);
    return deed.of(this);
  }
}
