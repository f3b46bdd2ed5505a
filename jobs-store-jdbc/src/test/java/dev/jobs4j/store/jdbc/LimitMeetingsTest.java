package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.JobLimit;
import dev.jobs4j.spi.StoreException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;

/** A claim whose new row of a key was made by somebody else at the same time, again and again. */
class LimitMeetingsTest {

  private final AtomicInteger met = new AtomicInteger();

  /** Claims a job of a new key whose row somebody else makes first, so many times. */
  private int claimed(int meetings) {
    try (HikariDataSource pool = Databases.H2.open()) {
      JdbcJobStore store = JdbcJobStore.of(pool);
      store.limits().orElseThrow().define(JobLimit.running("carrier", 1));
      store.insert(Steps.jobsFor("acme", 2, Duration.ZERO, "carrier/dhl"));
      return Steps.claim(JdbcJobStore.of(meeting(pool, meetings)), 5).size();
    }
  }

  private DataSource meeting(DataSource pool, int meetings) {
    return (DataSource)
        Proxy.newProxyInstance(
            LimitMeetingsTest.class.getClassLoader(),
            new Class<?>[] {DataSource.class},
            (proxy, method, arguments) ->
                method.getName().equals("getConnection")
                    ? meeting(pool.getConnection(), meetings)
                    : method.invoke(pool, arguments));
  }

  private Connection meeting(Connection connection, int meetings) {
    return (Connection)
        Proxy.newProxyInstance(
            LimitMeetingsTest.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("prepareStatement")
                  && ((String) arguments[0]).startsWith("INSERT INTO jobs_limit_key")
                  && met.incrementAndGet() <= meetings) {
                throw new SQLException("is there already", "23505");
              }
              return method.invoke(connection, arguments);
            });
  }

  @Test
  void aClaimMeetsOthersAtNewKeysSeveralTimes() {
    assertThat(claimed(5)).isEqualTo(1);
  }

  @Test
  void aClaimDoesNotMeetOthersForEver() {
    assertThatThrownBy(() -> claimed(Integer.MAX_VALUE))
        .isInstanceOf(StoreException.class)
        .hasMessageContaining("23505");
    assertThat(met).hasValueLessThan(50);
  }
}
