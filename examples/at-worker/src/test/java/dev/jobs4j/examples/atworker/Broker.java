package dev.jobs4j.examples.atworker;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.qpid.server.SystemLauncher;

/** The RabbitMQ that JOBS4J_TEST_RABBITMQ names, else a Qpid Broker-J inside this JVM. */
final class Broker {

  private static final String QPID_CONFIG =
      """
      {
        "name": "at-worker",
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

  private static final Broker INSTANCE = start();

  private final String url;
  private final String name;
  private final Connection connection;

  private Broker(String url) throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(url);
    this.url = url;
    connection = factory.newConnection("tests");
    Map<String, Object> server = connection.getServerProperties();
    name = server.get("product") + " " + server.get("version");
  }

  static Broker get() {
    return INSTANCE;
  }

  private static Broker start() {
    String given = System.getenv("JOBS4J_TEST_RABBITMQ");
    try {
      return new Broker(given == null || given.isBlank() ? startQpid() : given);
    } catch (Exception e) {
      throw new IllegalStateException("No AMQP broker", e);
    }
  }

  private static String startQpid() throws Exception {
    Path work = Files.createTempDirectory("at-worker-qpid");
    Path config = Files.writeString(work.resolve("config.json"), QPID_CONFIG);
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    new SystemLauncher()
        .startup(
            Map.of(
                "type",
                "Memory",
                "initialConfigurationLocation",
                config.toUri().toURL().toString(),
                "startupLoggedToSystemOut",
                "false",
                "context",
                Map.of("qpid.amqp_port", "" + port, "qpid.work_dir", work.toString())));
    return "amqp://guest:guest@127.0.0.1:" + port;
  }

  String url() {
    return url;
  }

  String name() {
    return name;
  }

  boolean isRabbit() {
    return name.startsWith("RabbitMQ");
  }

  void declare(String queue) throws Exception {
    try (Channel channel = connection.createChannel()) {
      channel.queueDeclare(queue, true, false, false, null);
      channel.queuePurge(queue);
    }
  }

  void delete(String queue) throws Exception {
    try (Channel channel = connection.createChannel()) {
      channel.queueDelete(queue);
    }
  }

  Optional<GetResponse> take(String queue) throws Exception {
    try (Channel channel = connection.createChannel()) {
      return Optional.ofNullable(channel.basicGet(queue, true));
    }
  }
}
