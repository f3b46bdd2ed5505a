package dev.jobs4j.store.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * A data source on which one statement or commit, the n-th from now on, meets a deadlock: the
 * server has rolled the transaction back.
 */
final class Stumble {

  private final DataSource target;
  private int left;
  private boolean stumbled;

  Stumble(DataSource target) {
    this.target = target;
  }

  /** From now on counts what is sent. */
  void at(int nth) {
    left = nth;
    stumbled = false;
  }

  /** Whether so many were sent. */
  boolean stumbled() {
    return stumbled;
  }

  DataSource dataSource() {
    return proxy(DataSource.class, target, null);
  }

  private <T> T proxy(Class<T> type, Object of, Connection on) {
    return type.cast(
        Proxy.newProxyInstance(
            Stumble.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              Connection connection = of instanceof Connection itself ? itself : on;
              if (connection != null
                  && (method.getName().startsWith("execute")
                      || method.getName().equals("commit"))) {
                count(connection);
              }
              return wrapped(invoke(of, method, arguments), connection);
            }));
  }

  private Object wrapped(Object answered, Connection on) {
    if (answered instanceof Connection connection) {
      return proxy(Connection.class, connection, connection);
    }
    if (answered instanceof PreparedStatement statement) {
      return proxy(PreparedStatement.class, statement, on);
    }
    if (answered instanceof Statement statement) {
      return proxy(Statement.class, statement, on);
    }
    return answered;
  }

  private void count(Connection connection) throws SQLException {
    if (--left != 0) {
      return;
    }
    stumbled = true;
    if (!connection.getAutoCommit()) {
      connection.rollback();
    }
    throw new SQLException("deadlock detected", "40P01");
  }

  private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
