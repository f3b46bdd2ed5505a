package dev.jobs4j.examples.atworker;

import com.fasterxml.jackson.databind.JsonNode;
import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import dev.jobs4j.api.JobContext;
import dev.jobs4j.api.JobExecutor;
import dev.jobs4j.api.JobOutcome;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes a message and waits until the broker has confirmed it. One that no queue takes is a
 * failure. {@code message_id} is the job's id, the same in every attempt, so that a consumer can
 * tell a repeat. One connection, opened when it is needed; a channel for each message, since an
 * error closes the channel. Thread-safe.
 */
final class RabbitPublisher implements JobExecutor<RabbitMessage>, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(RabbitPublisher.class);
  private static final int TIMEOUT_MILLIS = 30_000;
  private static final int PERSISTENT = 2;

  private final ConnectionFactory factory = new ConnectionFactory();
  private final String name;
  private @Nullable Connection connection;

  RabbitPublisher(String url, String name) {
    try {
      factory.setUri(url);
    } catch (URISyntaxException | GeneralSecurityException e) {
      throw new IllegalArgumentException("not an AMQP URL", e); // Settings would have refused it
    }
    factory.setAutomaticRecoveryEnabled(false); // the next message opens a new one
    factory.setConnectionTimeout(10_000);
    this.name = name;
  }

  @Override
  public @Nullable Object execute(RabbitMessage message, JobContext context)
      throws IOException, TimeoutException, InterruptedException {
    if (message.routingKey().isEmpty() && message.exchange().isEmpty()) {
      return JobOutcome.reject("payload must have an exchange or a routing_key");
    }
    if (message.body() == null || message.body().isMissingNode()) {
      return JobOutcome.reject("payload must have the field body");
    }
    publish(message, context);
    return null;
  }

  private void publish(RabbitMessage message, JobContext context)
      throws IOException, TimeoutException, InterruptedException {
    AtomicBoolean returned = new AtomicBoolean();
    boolean confirmed;
    try (Channel channel = connection().createChannel()) {
      channel.confirmSelect();
      channel.addReturnListener(unroutable -> returned.set(true));
      AMQP.BasicProperties properties =
          new AMQP.BasicProperties.Builder()
              .messageId(context.jobId().toString())
              .contentType(message.body().isTextual() ? "text/plain" : "application/json")
              .contentEncoding(StandardCharsets.UTF_8.name())
              .deliveryMode(PERSISTENT)
              .headers(message.headers())
              .build();
      channel.basicPublish(
          message.exchange(), message.routingKey(), true, properties, bytes(message.body()));
      confirmed = channel.waitForConfirms(TIMEOUT_MILLIS);
    }
    if (returned.get() || !confirmed) { // a return comes before its confirm
      throw new IOException(
          (returned.get() ? "no queue takes" : "the broker refused")
              + (" a message to exchange \"" + message.exchange())
              + ("\" with routing key \"" + message.routingKey() + "\""));
    }
  }

  private static byte[] bytes(JsonNode body) {
    return (body.isTextual() ? body.textValue() : body.toString()).getBytes(StandardCharsets.UTF_8);
  }

  private synchronized Connection connection() throws IOException, TimeoutException {
    Connection open = connection;
    if (open == null || !open.isOpen()) {
      open = factory.newConnection(name);
      connection = open;
    }
    return open;
  }

  @Override
  public synchronized void close() {
    try {
      if (connection != null && connection.isOpen()) {
        connection.close(TIMEOUT_MILLIS);
      }
    } catch (IOException | RuntimeException e) {
      log.debug("Connection to the broker did not close in order", e);
    }
  }
}
