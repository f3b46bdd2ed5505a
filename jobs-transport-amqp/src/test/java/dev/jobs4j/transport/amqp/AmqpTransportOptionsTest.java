package dev.jobs4j.transport.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.ConnectionFactory;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.transport.amqp.AmqpTransportOptions.Builder;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.UnaryOperator;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No invalid options exist, and none that tell a password. */
class AmqpTransportOptionsTest {

  private static final String PASSWORD = "s3cret";

  private static Builder valid() {
    return AmqpTransportOptions.builder()
        .uri("amqp://jobs:" + PASSWORD + "@localhost:5672/%2F")
        .queues(JobQueue.of("mails"))
        .clock(InstantSource.system());
  }

  private static void refused(UnaryOperator<Builder> change, String setting) {
    assertThatThrownBy(() -> change.apply(valid()).build())
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining(setting);
  }

  @Test
  void whatIsOutOfRangeIsRefusedByName() {
    refused(builder -> builder.queues(), "queues");
    refused(builder -> builder.deliveryLimit(0), "deliveryLimit");
    refused(builder -> builder.retryTiers(), "retryTiers");
    refused(builder -> builder.retryTiers(Duration.ZERO), "retryTiers");
    refused(builder -> builder.retryTiers(Duration.ofMinutes(11)), "retryTiers");
    refused(builder -> builder.retryTiers(ofSeconds(5), ofSeconds(5)), "retryTiers");
    refused(builder -> builder.confirmTimeout(Duration.ZERO), "confirmTimeout");
    refused(builder -> builder.confirmTimeout(Duration.ofHours(1)), "confirmTimeout");
    refused(builder -> builder.maxOutstanding(0), "maxOutstanding");
    refused(builder -> builder.maxPrefetch(0), "maxPrefetch");
    refused(builder -> builder.maxPrefetch(65_536), "maxPrefetch");
  }

  @Test
  void whatIsMissingIsNamed() {
    assertThatThrownBy(() -> AmqpTransportOptions.builder().build())
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("uri");
    assertThatThrownBy(() -> AmqpTransportOptions.builder().uri("amqp://localhost").build())
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("clock");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://jobs:s3cret@host", "amqp://jobs:s3cret@ho st", "amqp://j:s3cret:x@h/a/b"})
  void anUnreadableUriIsRefusedWithoutItsPassword(String uri) {
    assertThatThrownBy(() -> valid().uri(uri))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageNotContaining(PASSWORD)
        .hasNoCause();
  }

  @Test
  void theTextOfTheOptionsTellsNoPassword() {
    assertThat(valid().build().toString()).contains("mails").doesNotContain(PASSWORD);
  }

  @Test
  void theClientsOwnRecoveryIsOffAndTheCallersFactoryLeftAlone() {
    ConnectionFactory own = new ConnectionFactory();
    own.setAutomaticRecoveryEnabled(true);

    AmqpTransportOptions options = valid().connectionFactory(own).build();

    assertThat(options.connectionFactory().isAutomaticRecoveryEnabled()).isFalse();
    assertThat(options.connectionFactory().isTopologyRecoveryEnabled()).isFalse();
    assertThat(own.isAutomaticRecoveryEnabled()).isTrue();
  }

  @Test
  void aCertificateThatNobodyVouchesForIsRefused(@TempDir Path folder) throws Exception {
    try (SSLServerSocket server = selfSigned(folder)) {
      Thread thread = new Thread(() -> accept(server), "tls-server");
      thread.setDaemon(true);
      thread.start();
      ConnectionFactory factory =
          valid()
              .uri("amqps://guest:guest@localhost:" + server.getLocalPort())
              .build()
              .connectionFactory();

      assertThatThrownBy(factory::newConnection).isInstanceOf(SSLHandshakeException.class);
    }
  }

  private static void accept(SSLServerSocket server) {
    try (SSLSocket socket = (SSLSocket) server.accept()) {
      socket.startHandshake();
      socket.getInputStream().readAllBytes();
    } catch (IOException e) {
      // the client has refused us
    }
  }

  private static SSLServerSocket selfSigned(Path folder) throws Exception {
    Path store = folder.resolve("server.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "server",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=dns:localhost",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, "changeit".toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, "changeit".toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return (SSLServerSocket)
        context
            .getServerSocketFactory()
            .createServerSocket(0, 5, InetAddress.getByName("localhost"));
  }

  private static Duration ofSeconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }
}
