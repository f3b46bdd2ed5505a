package dev.jobs4j.examples.benchmarks.contestant;

import dev.jobs4j.examples.benchmarks.contestant.KeyedStatements.Words;
import dev.jobs4j.examples.benchmarks.contestant.Library.Wish;
import dev.jobs4j.examples.benchmarks.contestant.PostgresStatements.Layout;
import dev.jobs4j.examples.benchmarks.contestant.PostgresStatements.Trait;
import dev.jobs4j.examples.benchmarks.database.Area;
import dev.jobs4j.examples.benchmarks.database.Database.Product;
import dev.jobs4j.store.jdbc.JdbcStoreOptions.History;
import java.util.HashMap;
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

  /** The library in memory. */
  public static final String LIBRARY_MEMORY = "jobs4j-memory";

  /** As {@link #LIMIT}, other processes woken by NOTIFY. */
  public static final String LIMIT_NOTIFY = "limit-notify";

  /** No queue, only threads. */
  public static final String THREADS = "threads";

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

  private final Map<String, Entry> postgres = new HashMap<>();
  private final Map<String, Entry> others = new HashMap<>();
  private final Map<String, Entry> everywhere = new HashMap<>();
  private final Map<String, Pace> paces = new HashMap<>();

  /** All of them; what is found out about one is kept for the next of its name. */
  public Roster() {
    others.put(
        LIMIT,
        area ->
            new PlainJdbc(
                LIMIT, area, new KeyedStatements(Words.valueOf(area.product().name())), paces));
    everywhere.put(THREADS, area -> new BareThreads());
    everywhere.put(
        LIBRARY_MEMORY,
        area -> new Library(LIBRARY_MEMORY, LibraryStore.memory(), Wish.NOTHING_MORE));
    postgres.put(LIMIT, area -> plain(LIMIT, area, Layout.PARTIAL_INDEX));
    postgres.put(LIMIT_HOT, area -> plain(LIMIT_HOT, area, Layout.HOT));
    postgres.put(LIMIT_KEPT, area -> plain(LIMIT_KEPT, area, Layout.PARTIAL_INDEX, Trait.KEEP));
    postgres.put(LIMIT_COPY, area -> plain(LIMIT_COPY, area, Layout.PARTIAL_INDEX, Trait.COPY));
    postgres.put(
        LIMIT_NOTIFY, area -> plain(LIMIT_NOTIFY, area, Layout.PARTIAL_INDEX, Trait.NOTIFY));
    postgres.put(DB_SCHEDULER, DbScheduler::new);
    postgres.put(JOBRUNR, JobRunrServer::new);
    postgres.put(QUARTZ, QuartzCluster::new);
    everywhere.put(LIBRARY, area -> library(LIBRARY, area, History.KEEP, Wish.NOTHING_MORE));
    everywhere.put(
        LIBRARY_DELETING,
        area -> library(LIBRARY_DELETING, area, History.DELETE, Wish.NOTHING_MORE));
    everywhere.put(LIBRARY_LIMIT, area -> library(LIBRARY_LIMIT, area, History.KEEP, Wish.LIMIT));
    everywhere.put(LIBRARY_FIFO, area -> library(LIBRARY_FIFO, area, History.KEEP, Wish.FIFO));
    everywhere.put(
        LIBRARY_FAIR, area -> library(LIBRARY_FAIR, area, History.KEEP, Wish.FAIR_SHARE));
  }

  private Contestant plain(String name, Area area, Layout layout, Trait... traits)
      throws Exception {
    return new PlainJdbc(name, area, new PostgresStatements(layout, traits), paces);
  }

  private static Contestant library(String name, Area area, History history, Wish wish) {
    return new Library(name, LibraryStore.jdbc(area, history), wish);
  }

  /** Whether it can run on this product. */
  public boolean has(String name, Product product) {
    return everywhere.containsKey(name) || of(product).containsKey(name);
  }

  private Map<String, Entry> of(Product product) {
    return product == Product.POSTGRESQL ? postgres : others;
  }

  /** Makes a contestant in an empty area. */
  public Contestant enter(String name, Area area) throws Exception {
    Entry entry = of(area.product()).get(name);
    if (entry == null) {
      entry = everywhere.get(name);
    }
    if (entry == null) {
      throw new IllegalArgumentException("there is no system \"" + name + "\"");
    }
    return entry.enter(area);
  }
}
