package dev.jobs4j.examples.chaos.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.examples.chaos.cluster.Server;
import dev.jobs4j.examples.chaos.work.Database;
import dev.jobs4j.tck.BackendReport;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a client of a real server meets on a bad wire. */
class WireTest {

  @TempDir static Path folder;

  private static Server server;

  private final AtomicInteger cuts = new AtomicInteger();
  private Wire wire;
  private Connection client;

  @BeforeAll
  static void startServer() throws IOException, SQLException {
    server = Server.start(folder.resolve("database"));
    BackendReport.used(
        WireTest.class, "PostgreSQL " + server.text("SHOW server_version"), BackendReport.REAL);
  }

  @AfterAll
  static void stopServer() throws IOException {
    server.close();
  }

  @BeforeEach
  void connect() throws IOException, SQLException {
    server.execute("CREATE TABLE t (a int)");
    wire = Wire.to(server.port(), cuts::incrementAndGet);
    client = open();
  }

  @AfterEach
  void end() throws IOException, SQLException {
    client.close();
    wire.close();
    server.execute("DROP TABLE t");
  }

  private Connection open() throws SQLException {
    return DriverManager.getConnection(Database.url(wire.port()));
  }

  private void insert() throws SQLException {
    try (Statement statement = client.createStatement()) {
      statement.executeUpdate("INSERT INTO t VALUES (1)");
    }
  }

  private static void awaitRows(String count) throws SQLException, InterruptedException {
    while (!server.text("SELECT count(*) FROM t").equals(count)) {
      Thread.sleep(10);
    }
  }

  @Test
  void aGoodWireIsNotNoticed() throws Exception {
    insert();

    awaitRows("1");
  }

  @Test
  void aCutLeavesTheClientInDoubtOfWhatTheServerHasDone() throws Exception {
    wire.cutAtCommit();

    assertThatThrownBy(this::insert).isInstanceOf(SQLException.class);

    assertThat(server.text("SELECT count(*) FROM t")).isEqualTo("1");
    assertThat(cuts).hasValue(1);
  }

  @Test
  void aCutWaitsForTheCommit() throws Exception {
    client.setAutoCommit(false);
    wire.cutAtCommit();
    insert();
    assertThat(cuts).hasValue(0);

    assertThatThrownBy(client::commit).isInstanceOf(SQLException.class);

    assertThat(server.text("SELECT count(*) FROM t")).isEqualTo("1");
    assertThat(cuts).hasValue(1);
  }

  @Test
  void aCutIsForOneConnection() throws Exception {
    wire.cutAtCommit();
    assertThatThrownBy(this::insert).isInstanceOf(SQLException.class);
    client = open();

    insert();

    assertThat(cuts).hasValue(1);
  }

  @Test
  void whatAHoleKeptBackArrivesLate() throws Exception {
    wire.shut(true, false);
    assertThatThrownBy(this::insert).isInstanceOf(SQLException.class);
    assertThat(server.text("SELECT count(*) FROM t")).isEqualTo("0");

    wire.heal();

    awaitRows("1");
  }

  @Test
  void anAnswerInAHoleIsOfSomethingDone() throws Exception {
    wire.shut(false, true);

    assertThatThrownBy(this::insert).isInstanceOf(SQLException.class);

    assertThat(server.text("SELECT count(*) FROM t")).isEqualTo("1");
    wire.heal();
  }

  @Test
  void aHalfOpenConnectionIsNoticedByTheTimeoutAlone() throws Exception {
    insert();
    wire.halfOpen();

    assertThat(client.isClosed()).isFalse();
    assertThatThrownBy(this::insert).hasRootCauseMessage("Read timed out");

    client = open();
    insert();
    awaitRows("2");
  }

  @Test
  void aResetIsNoticedAtOnce() throws Exception {
    insert();
    wire.reset();

    assertThatThrownBy(this::insert).isInstanceOf(SQLException.class);
  }

  @Test
  void aDelayMakesAnswersLate() throws Exception {
    wire.delay(Duration.ofMillis(100));
    long since = System.nanoTime();

    insert();

    assertThat(Duration.ofNanos(System.nanoTime() - since)).isGreaterThan(Duration.ofMillis(200));
  }

  @Test
  void withoutAServerItRefuses() throws Exception {
    try (Wire nowhere = Wire.to(1, () -> {})) {
      assertThatThrownBy(() -> DriverManager.getConnection(Database.url(nowhere.port())))
          .isInstanceOf(SQLException.class);
    }
  }

  @Test
  void aKilledServerComesBackOnItsPortWithWhatItAcknowledged() throws Exception {
    insert();
    int port = server.port();

    server.kill();
    assertThatThrownBy(this::insert).isInstanceOf(SQLException.class);
    server.startAgain();

    assertThat(server.port()).isEqualTo(port);
    assertThat(server.text("SELECT count(*) FROM t")).isEqualTo("1");
  }
}
