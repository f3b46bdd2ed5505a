package dev.jobs4j.transport.amqp;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.jobs4j.tck.BackendReport;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.qpid.server.SystemLauncher;

/**
 * The broker of these tests: the RabbitMQ that JOBS4J_TEST_RABBITMQ names, else a Qpid Broker-J
 * inside this JVM. Started once, ends with the JVM.
 */
final class AmqpBroker {

  private static final String QPID_CONFIG =
      """
      {
        "name": "jobs4j-test",
        "modelVersion": "9.1",
        "authenticationproviders": [{
          "name": "plain", "type": "Plain", "secureOnlyMechanisms": [],
          "users": [{"name": "guest", "type": "managed", "password": "guest"}]
        }],
        "ports": [{
          "name": "AMQP", "port": "${qpid.amqp_port}", "bindingAddress": "127.0.0.1",
          "authenticationProvider": "plain", "protocols": ["AMQP_0_9_1"],
          "virtualhostaliases": [
            {"name": "nameAlias", "type": "nameAlias"},
            {"name": "defaultAlias", "type": "defaultAlias"}
          ]
        }],
        "virtualhostnodes": [{
          "name": "default", "type": "Memory", "defaultVirtualHostNode": "true",
          "virtualHostInitialConfiguration": "{\\"type\\": \\"Memory\\"}"
        }]
      }
      """;

  private static final AmqpBroker INSTANCE = start();

  private final String uri;
  private final String name;
  private final boolean rabbit;

  private AmqpBroker(String uri) throws Exception {
    this.uri = uri;
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(uri);
    try (Connection connection = factory.newConnection()) {
      Map<String, Object> server = connection.getServerProperties();
      this.rabbit = "RabbitMQ".equals(server.get("product").toString());
      this.name = (rabbit ? "RabbitMQ " : "Qpid Broker-J ") + server.get("version");
    }
  }

  static AmqpBroker get() {
    return INSTANCE;
  }

  private static AmqpBroker start() {
    try {
      String given = System.getenv("JOBS4J_TEST_RABBITMQ");
      return new AmqpBroker(given == null || given.isBlank() ? startQpid() : given);
    } catch (Exception e) {
      throw new IllegalStateException("No AMQP broker for the tests", e);
    }
  }

  private static String startQpid() throws Exception {
    Path work = Files.createTempDirectory("jobs4j-qpid");
    Path config = Files.writeString(work.resolve("config.json"), QPID_CONFIG);
    int port = freePort();
    Map<String, Object> settings = new HashMap<>();
    settings.put("type", "Memory");
    settings.put("initialConfigurationLocation", config.toUri().toURL().toString());
    settings.put("startupLoggedToSystemOut", "false");
    settings.put("context", Map.of("qpid.amqp_port", "" + port, "qpid.work_dir", work.toString()));
    new SystemLauncher().startup(settings);
    return "amqp://guest:guest@127.0.0.1:" + port;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  String uri() {
    return uri;
  }

  /** The same broker by way of another port of this machine. */
  String uriThrough(int port) {
    URI broker = URI.create(uri);
    return "amqp://"
        + broker.getRawUserInfo()
        + "@127.0.0.1:"
        + port
        + (broker.getRawPath() == null ? "" : broker.getRawPath());
  }

  String host() {
    return URI.create(uri).getHost();
  }

  int port() {
    int port = URI.create(uri).getPort();
    return port < 0 ? 5672 : port;
  }

  boolean isRabbit() {
    return rabbit;
  }

  String name() {
    return name;
  }

  String kind() {
    return rabbit ? BackendReport.REAL : BackendReport.EMBEDDED;
  }

  /** Notes that {@code suite} ran on this broker. */
  void report(Class<?> suite) {
    BackendReport.used(suite, name(), kind());
  }

  /** Skips a suite that Qpid Broker-J cannot serve, and notes so. */
  void needsRabbit(Class<?> suite, String why) {
    if (!rabbit) {
      BackendReport.used(suite, "RabbitMQ", BackendReport.ABSENT);
    }
    assumeTrue(rabbit, "Qpid Broker-J " + why + "; runs where JOBS4J_TEST_RABBITMQ is set");
  }
}
