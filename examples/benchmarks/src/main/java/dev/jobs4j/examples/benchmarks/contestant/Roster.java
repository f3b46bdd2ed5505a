package dev.jobs4j.examples.benchmarks.contestant;

import dev.jobs4j.examples.benchmarks.contestant.Library.Wish;
import dev.jobs4j.examples.benchmarks.contestant.PostgresStatements.Layout;
import dev.jobs4j.examples.benchmarks.database.Area;
import dev.jobs4j.examples.benchmarks.database.Database.Product;
import dev.jobs4j.store.jdbc.JdbcStoreOptions.History;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All systems, by the names that they have in tables and goals. */
public final class Roster {

  /** Plain JDBC over a partial index, ended jobs deleted: what ratios are taken against. */
  public static final String LIMIT = "limit";

  /** The same with state and lease in no index. */
  public static final String LIMIT_HOT = "limit-hot";

  /** As {@link #LIMIT}, ended jobs kept. */
  public static final String LIMIT_KEPT = "limit-kept";

  /** As {@link #LIMIT}, bulk by COPY. */
  public static final String LIMIT_COPY = "limit-copy";

  /** The library at its defaults. */
  public static final String LIBRARY = "jobs4j";

  /** The library, ended jobs deleted. */
  public static final String LIBRARY_DELETING = "jobs4j-deleting";

  /** The library, every job with a limit. */
  public static final String LIBRARY_LIMIT = "jobs4j-limit";

  /** The library, every job in a line. */
  public static final String LIBRARY_FIFO = "jobs4j-fifo";

  /** The library, every job a tenant's, with fair share. */
  public static final String LIBRARY_FAIR = "jobs4j-fair";

  /** A peer. */
  public static final String DB_SCHEDULER = "db-scheduler";

  /** A peer. */
  public static final String JOBRUNR = "jobrunr";

  /** A peer. */
  public static final String QUARTZ = "quartz";

  /** The peers. */
  public static final List<String> PEERS = List.of(DB_SCHEDULER, JOBRUNR, QUARTZ);

  /** Makes a contestant in its area. */
  private interface Entry {
    Contestant enter(Area area) throws Exception;
  }

  private static final Map<String, Entry> POSTGRESQL = new LinkedHashMap<>();
  private static final Map<String, Entry> EVERYWHERE = new LinkedHashMap<>();

  static {
    POSTGRESQL.put(LIMIT, area -> plain(LIMIT, area, Layout.PARTIAL_INDEX, false));
    POSTGRESQL.put(LIMIT_HOT, area -> plain(LIMIT_HOT, area, Layout.HOT, false));
    POSTGRESQL.put(LIMIT_KEPT, area -> plain(LIMIT_KEPT, area, Layout.PARTIAL_INDEX, true));
    POSTGRESQL.put(DB_SCHEDULER, DbScheduler::new);
    POSTGRESQL.put(JOBRUNR, JobRunrServer::new);
    POSTGRESQL.put(QUARTZ, QuartzCluster::new);
    EVERYWHERE.put(LIBRARY, area -> library(LIBRARY, area, History.KEEP, Wish.NOTHING_MORE));
    EVERYWHERE.put(
        LIBRARY_DELETING,
        area -> library(LIBRARY_DELETING, area, History.DELETE, Wish.NOTHING_MORE));
    EVERYWHERE.put(LIBRARY_LIMIT, area -> library(LIBRARY_LIMIT, area, History.KEEP, Wish.LIMIT));
    EVERYWHERE.put(LIBRARY_FIFO, area -> library(LIBRARY_FIFO, area, History.KEEP, Wish.FIFO));
    EVERYWHERE.put(
        LIBRARY_FAIR, area -> library(LIBRARY_FAIR, area, History.KEEP, Wish.FAIR_SHARE));
  }

  private Roster() {}

  private static Contestant plain(String name, Area area, Layout layout, boolean keep)
      throws Exception {
    return new PlainJdbc(name, area, new PostgresStatements(layout, keep));
  }

  private static Contestant library(String name, Area area, History history, Wish wish) {
    return new Library(name, LibraryStore.jdbc(area, history), wish);
  }

  /** Whether it can run on this product. */
  public static boolean has(String name, Product product) {
    return EVERYWHERE.containsKey(name)
        || (product == Product.POSTGRESQL && POSTGRESQL.containsKey(name));
  }

  /** Makes a contestant in an empty area. */
  public static Contestant enter(String name, Area area) throws Exception {
    Entry entry = POSTGRESQL.get(name);
    return (entry == null ? EVERYWHERE.get(name) : entry).enter(area);
  }
}
