package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.WakeUps;
import dev.jobs4j.store.jdbc.JdbcStoreOptions.WakeUpMode;
import dev.jobs4j.store.jdbc.PostgresWakeUps.Patience;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a listener makes of lines and poolers that bring no word. */
@Timeout(90)
class ListenerFaultsTest {

  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Patience SHORT =
      new Patience(Duration.ofMillis(200), Duration.ofMillis(500));

  private final JdbcStoreOptions options = Databases.newTables();

  private PostgresWakeUps listener(DataSource pool, Patience patience) {
    Transactions transactions = new Transactions(pool);
    PostgresDialect dialect = new PostgresDialect();
    Sql sql = Sql.of(options, dialect, dialect.now());
    PostgresNotices notices =
        (PostgresNotices) dialect.notices(transactions, sql, options, Machine.OWN);
    return new PostgresWakeUps(
        transactions, notices, Machine.OWN, patience, Set.of(Steps.QUEUE.name()));
  }

  @Test
  void aHalfOpenLineIsNoticedAndTakenAnew() throws Exception {
    String url = PostgresServer.V18.url();
    int port = URI.create(url.substring("jdbc:".length())).getPort();
    try (Faults wire = new Faults(port);
        HikariDataSource pool = Pools.of(url);
        HikariDataSource halfOpen =
            Pools.of(
                url.replace(":" + port + "/", ":" + wire.port() + "/") + "&socketTimeout=1",
                config -> config.setConnectionTimeout(2_000))) {
      JdbcJobStore store = JdbcJobStore.of(pool, options);
      try (WakeUps listener = listener(halfOpen, SHORT)) {
        assertThat(listener.await(LONG)).as("connected").isTrue();
        while (!Thread.interrupted() && listener.await(Duration.ofMillis(1))) {}
        for (int i = 0; i < 3; i++) {
          listener.await(Duration.ofMillis(250)); // asks whether the line leads anywhere: it does
        }
        wire.holdBack();

        assertThatThrownBy(
                () -> {
                  while (true) {
                    listener.await(LONG);
                  }
                })
            .isInstanceOf(StoreException.class);
        assertThatThrownBy(() -> listener.await(LONG))
            .as("still so")
            .isInstanceOf(StoreException.class);
        wire.heal();
        Soon.until("it is back", () -> isBack(listener));
        Steps.insert(store);
        Soon.until("it hears", () -> listener.await(LONG));
      }
    }
  }

  private static boolean isBack(WakeUps listener) throws InterruptedException {
    try {
      return listener.await(LONG);
    } catch (StoreException e) {
      return false;
    }
  }

  @Test
  void whatIsKeptBackWithinTheIntervalIsFoundByALookAtItsEnd() throws Exception {
    try (HikariDataSource pool = Pools.of(PostgresServer.V18.url())) {
      JdbcJobStore store = JdbcJobStore.of(pool, options);
      try (WakeUps listener = listener(pool, Patience.DEFAULT)) {
        assertThat(listener.await(LONG)).as("connected").isTrue();
        Steps.insert(store);
        Soon.until("told of", () -> listener.await(LONG));
        Soon.until("looks again", () -> listener.await(LONG));
        assertThat(listener.await(Duration.ofMillis(200))).as("no third time").isFalse();
      }
    }
  }

  @Test
  void wordOfOtherQueuesOrOfItsOwnStoreWakesNobody() throws Exception {
    try (HikariDataSource pool = Pools.of(PostgresServer.V18.url())) {
      JdbcJobStore store = JdbcJobStore.of(pool, options);
      try (WakeUps listener = listener(pool, Patience.DEFAULT);
          WakeUps own = store.wakeUps(Set.of(Steps.QUEUE)).orElseThrow();
          WakeUps mail = store.wakeUps(Set.of(dev.jobs4j.api.JobQueue.of("mail"))).orElseThrow()) {
        for (WakeUps each : List.of(listener, own, mail)) {
          assertThat(each.await(LONG)).as("connected").isTrue();
        }
        Steps.insert(store);
        Soon.until("a stranger is told", () -> listener.await(LONG));
        assertThat(own.await(Duration.ofMillis(100))).isFalse();
        assertThat(mail.await(Duration.ofMillis(100))).isFalse();
      }
    }
  }

  @Test
  void aPoolerThatBringsNoNoticesIsFoundOutAndTheSettingNamed() throws Exception {
    try (HikariDataSource pool = Pools.of(PostgresServer.V18.url())) {
      JdbcJobStore.of(pool, options);
      try (WakeUps listener = listener(sharing(pool), SHORT)) {
        assertThatThrownBy(() -> listener.await(LONG))
            .isInstanceOf(StoreException.class)
            .hasMessageContaining("PgBouncer")
            .hasMessageContaining("JdbcStoreOptions.wakeUps")
            .hasMessageContaining(WakeUpMode.NEVER.name());
        assertThat(pool.getHikariPoolMXBean().getActiveConnections()).as("given back").isZero();
      }
    }
  }

  /** As PgBouncer does it by the transaction: what LISTEN was said on is not what is read from. */
  private static DataSource sharing(HikariDataSource pool) {
    return proxy(
        DataSource.class,
        pool,
        "getConnection",
        connection ->
            proxy(
                Connection.class,
                connection,
                "createStatement",
                statement ->
                    Proxy.newProxyInstance(
                        ListenerFaultsTest.class.getClassLoader(),
                        new Class<?>[] {Statement.class},
                        (proxy, method, arguments) -> {
                          if (method.getName().equals("execute")
                              && arguments[0].toString().startsWith("LISTEN")) {
                            Steps.execute(pool, arguments[0].toString(), "UNLISTEN *");
                            return false;
                          }
                          return invoke(statement, method, arguments);
                        })));
  }

  private interface Change {
    Object of(Object answered);
  }

  private static <T> T proxy(Class<T> type, Object target, String name, Change change) {
    return type.cast(
        Proxy.newProxyInstance(
            ListenerFaultsTest.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              Object answered = invoke(target, method, arguments);
              return method.getName().equals(name) ? change.of(answered) : answered;
            }));
  }

  private static Object invoke(Object target, java.lang.reflect.Method method, Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  @Test
  void aCloseEndsTheWaitAndLaterOnesAtOnce() throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try (HikariDataSource pool = Pools.of(PostgresServer.V18.url())) {
      JdbcJobStore.of(pool, options);
      WakeUps listener = listener(pool, Patience.DEFAULT);
      assertThat(listener.await(LONG)).as("connected").isTrue();
      Future<Boolean> waiting = thread.submit(() -> listener.await(LONG));

      listener.close();

      assertThat(waiting.get(30, TimeUnit.SECONDS)).isFalse();
      assertThat(listener.await(LONG)).isFalse();
      listener.close();
      Soon.until("given back", () -> pool.getHikariPoolMXBean().getActiveConnections() == 0);
    } finally {
      thread.shutdownNow();
    }
  }
}
