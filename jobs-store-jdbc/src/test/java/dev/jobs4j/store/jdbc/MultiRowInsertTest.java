package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows that are there already are found among many, and the others are stored. */
class MultiRowInsertTest {

  private final String table = Databases.unusedTables().build().tablePrefix() + "rows";

  @BeforeAll
  static void findServer() {
    MySqlDriver.MARIADB.requireServer(MultiRowInsertTest.class);
  }

  private MultiRowInsert<Integer> insert(long maxBytes) {
    return new MultiRowInsert<>(
        "INSERT INTO " + table + " (id) VALUES ",
        "(?)",
        new MySqlValues(Integer.MAX_VALUE),
        (call, id) -> call.number(id),
        id -> 1_000,
        maxBytes);
  }

  /** Keeps the texts that are prepared. */
  private static Connection noting(Connection connection, List<String> texts) {
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("prepareStatement")) {
                texts.add((String) arguments[0]);
              }
              try {
                return method.invoke(connection, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static List<Integer> to(int count) {
    return IntStream.rangeClosed(1, count).boxed().toList();
  }

  @ParameterizedTest
  @EnumSource
  void whatIsThereStaysAndTheRestIsStored(MySqlDriver driver) throws SQLException {
    try (HikariDataSource pool = Pools.of(driver.url());
        Connection connection = pool.getConnection()) {
      Steps.execute(
          pool,
          "CREATE TABLE " + table + " (id int PRIMARY KEY)",
          "INSERT INTO " + table + " VALUES (3), (64), (65), (1000)");
      connection.setAutoCommit(false);

      List<Integer> inserted = insert(Long.MAX_VALUE).insert(connection, to(1_000));
      connection.commit();

      assertThat(inserted).hasSize(996).doesNotContain(3, 64, 65, 1000).doesNotHaveDuplicates();
      assertThat(Steps.number(pool, "SELECT COUNT(*) FROM " + table)).isEqualTo(1_000);
    }
  }

  @ParameterizedTest
  @EnumSource
  void fewTextsArePreparedAndNoneIsLongerThanItMayBe(MySqlDriver driver) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (HikariDataSource pool = Pools.of(driver.url());
        Connection connection = pool.getConnection()) {
      Steps.execute(pool, "CREATE TABLE " + table + " (id int PRIMARY KEY)");
      assertThat(insert(Long.MAX_VALUE).insert(noting(connection, texts), to(1_000)))
          .hasSize(1_000);
      assertThat(texts).as("256 three times, 128, 64, 32, 8").hasSize(7);
      assertThat(new HashSet<>(texts)).hasSize(5);

      texts.clear();
      Steps.execute(pool, "DELETE FROM " + table);
      assertThat(insert(10_000).insert(noting(connection, texts), to(20))).hasSize(20);
      assertThat(texts).as("eight rows are 8,000 bytes").hasSize(3);
      texts.clear();
      Steps.execute(pool, "DELETE FROM " + table);
      assertThat(insert(10).insert(noting(connection, texts), to(3))).hasSize(3);
      assertThat(texts).as("each row is too long, and is tried").hasSize(3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anotherErrorIsNoDuplicate(MySqlDriver driver) throws SQLException {
    try (HikariDataSource pool = Pools.of(driver.url());
        Connection connection = pool.getConnection()) {
      assertThatThrownBy(() -> insert(Long.MAX_VALUE).insert(connection, to(4)))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining(table);
    }
  }
}
