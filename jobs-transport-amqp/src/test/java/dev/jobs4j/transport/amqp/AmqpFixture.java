package dev.jobs4j.transport.amqp;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.ShutdownSignalException;
import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.tck.BackendConnector;
import dev.jobs4j.tck.EngineFixture;
import dev.jobs4j.transport.amqp.AmqpTransportOptions.QueueKind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The broker as the engine's contract sees it. Queues are looked into with a bare client. */
final class AmqpFixture implements EngineFixture {

  private static final Pattern INDEX = Pattern.compile("\"index\":(\\d+)");

  private final QueueKind kind;
  private final Connection connection;

  AmqpFixture(QueueKind kind) {
    this.kind = kind;
    try {
      ConnectionFactory factory = new ConnectionFactory();
      factory.setUri(AmqpBroker.get().uri());
      connection = factory.newConnection("fixture");
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public String backend() {
    return AmqpBroker.get().name();
  }

  @Override
  public String kind() {
    return AmqpBroker.get().kind();
  }

  @Override
  public Set<Capability> capabilities() {
    return Set.of(Capability.DELAY);
  }

  @Override
  public BackendConnector connector() {
    return new AmqpConnector();
  }

  @Override
  public List<String> arguments() {
    return List.of(AmqpBroker.get().uri(), kind.name());
  }

  @Override
  public List<DeadLetter> deadLetters(JobQueue queue) {
    return messages(AmqpTopology.deadLetters(queue)).stream()
        .map(message -> letter(queue, message))
        .toList();
  }

  /** What another consumer could have of a queue now, all given back. */
  List<GetResponse> messages(String queue) {
    try (Channel channel = connection.createChannel()) {
      List<GetResponse> messages = new ArrayList<>();
      for (GetResponse message = channel.basicGet(queue, false);
          message != null;
          message = channel.basicGet(queue, false)) {
        messages.add(message);
      }
      return messages;
    } catch (IOException e) {
      return List.of(); // not declared yet
    } catch (Exception e) {
      throw new IllegalStateException(queue, e);
    }
  }

  /** Which tasks of a crash run the broker would give out now. */
  Set<Integer> indexes(JobQueue queue) {
    return messages(queue.name()).stream()
        .map(message -> INDEX.matcher(new String(message.getBody(), StandardCharsets.UTF_8)))
        .filter(Matcher::find)
        .map(matcher -> Integer.valueOf(matcher.group(1)))
        .collect(Collectors.toSet());
  }

  private static DeadLetter letter(JobQueue queue, GetResponse message) {
    Map<String, String> headers = Site.headers(message);
    return new DeadLetter(
        JobId.parse(headers.get("jobs4j-id")),
        headers.get("jobs4j-type"),
        queue,
        DeadReason.valueOf(headers.get("jobs4j-reason")),
        new Failure(headers.get("jobs4j-error-class"), headers.get("jobs4j-error-message"), ""),
        Integer.parseInt(headers.get("jobs4j-attempt")),
        message.getBody(),
        headers.get("jobs4j-codec"),
        Instant.parse(headers.get("jobs4j-last-failure-at")),
        headers.get("jobs4j-original-delivery"));
  }

  @Override
  public void close() {
    for (JobQueue queue : AmqpConnector.QUEUES) {
      for (String name : AmqpConnector.brokerQueues(queue)) {
        try (Channel channel = connection.createChannel()) {
          channel.queueDelete(name);
        } catch (Exception e) {
          if (!wasNeverDeclared(e)) {
            throw new IllegalStateException(name, e);
          }
        }
      }
    }
    AmqpConnector.QUEUES.clear();
    connection.abort();
  }

  /** An error for the embedded broker, not for RabbitMQ. */
  private static boolean wasNeverDeclared(Exception error) {
    return error.getCause() instanceof ShutdownSignalException shutdown
        && shutdown.getReason() instanceof AMQP.Channel.Close close
        && close.getReplyCode() == AMQP.NOT_FOUND;
  }
}
