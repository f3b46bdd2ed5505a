package dev.jobs4j.examples.benchmarks.database;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** An H2 in this JVM, in a file of its own, with the settings that H2 has by default. */
public final class H2Database implements Database, Area.Care {

  private final Path folder;
  private final Connection own;

  private H2Database(Path folder, Connection own) {
    this.folder = folder;
    this.own = own;
  }

  /** Makes an empty one. */
  public static H2Database start() throws IOException, SQLException {
    Path folder = Files.createTempDirectory("jobs4j-benchmarks");
    return new H2Database(folder, DriverManager.getConnection(url(folder)));
  }

  private static String url(Path folder) {
    return "jdbc:h2:file:" + folder.resolve("benchmarks").toAbsolutePath();
  }

  @Override
  public String about() throws SQLException {
    return "H2 " + own.getMetaData().getDatabaseProductVersion() + " in a file, its defaults";
  }

  @Override
  public Area open(String name) throws SQLException {
    execute("DROP SCHEMA IF EXISTS " + name + " CASCADE");
    execute("CREATE SCHEMA " + name);
    return new Area(name, Product.H2, url(folder) + ";SCHEMA=" + name, this);
  }

  /** It counts nothing that could be asked for. */
  @Override
  public Map<String, Double> counts() {
    return Map.of();
  }

  @Override
  public void countStatements(boolean on) {}

  @Override
  public void tidy(Area area) throws SQLException {
    execute("ANALYZE");
  }

  @Override
  public void checkpoint() throws SQLException {
    execute("CHECKPOINT SYNC");
  }

  @Override
  public void settleCounts(Area area, HikariDataSource pool) {}

  @Override
  public void drop(Area area) throws SQLException {
    execute("DROP SCHEMA IF EXISTS " + area.name() + " CASCADE");
  }

  private synchronized void execute(String sql) throws SQLException {
    try (Statement statement = own.createStatement()) {
      statement.execute(sql);
    }
  }

  @Override
  public void close() throws SQLException, IOException {
    own.close();
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
  }
}
