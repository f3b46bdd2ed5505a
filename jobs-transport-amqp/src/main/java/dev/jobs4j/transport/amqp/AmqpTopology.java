package dev.jobs4j.transport.amqp;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.StoreException.Certainty;
import dev.jobs4j.transport.amqp.AmqpTransportOptions.QueueKind;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The queues of a job queue {@code mails}: {@code mails} itself, one {@code mails.retry.<tier>} for
 * each step of waiting, and {@code mails.dlq}. All durable; messages go through the default
 * exchange by queue name, so there is nothing else to bind or to lose.
 */
final class AmqpTopology {

  /** For queues of which nothing may ever be dropped; RabbitMQ 4 would default to 20. */
  private static final int NEVER = 1_000_000;

  private final AmqpTransportOptions options;

  AmqpTopology(AmqpTransportOptions options) {
    this.options = options;
  }

  static String deadLetters(JobQueue queue) {
    return queue.name() + ".dlq";
  }

  static String retry(JobQueue queue, Duration tier) {
    return queue.name() + ".retry." + text(tier);
  }

  List<String> retries(JobQueue queue) {
    return options.retryTiers().stream().map(tier -> retry(queue, tier)).toList();
  }

  /** The step for a delay: the shortest that covers it, or else the longest there is. */
  Duration tierFor(Duration delay) {
    List<Duration> tiers = options.retryTiers();
    return tiers.stream()
        .filter(tier -> tier.compareTo(delay) >= 0)
        .findFirst()
        .orElse(tiers.get(tiers.size() - 1));
  }

  private static String text(Duration tier) {
    long millis = tier.toMillis();
    if (millis % 60_000 == 0) {
      return millis / 60_000 + "m";
    }
    return millis % 1_000 == 0 ? millis / 1_000 + "s" : millis + "ms";
  }

  /**
   * Declares what is missing, on a channel of its own, because a refusal closes it.
   *
   * @throws StoreException if the broker refuses; the message names the queue and the setting
   */
  void declare(Connection connection) {
    boolean rabbit = isRabbit(connection);
    try (Channel channel = connection.createChannel()) {
      if (channel == null) {
        throw new IOException("No channel left on the connection; raise the broker's channel_max");
      }
      for (JobQueue queue : options.queues()) {
        String dlq = deadLetters(queue);
        declare(channel, dlq, helper(rabbit, null));
        for (String retry : retries(queue)) {
          declare(channel, retry, helper(rabbit, dlq));
        }
        if (options.queueKind() == QueueKind.EXISTING) {
          check(channel, queue.name());
        } else {
          declare(channel, queue.name(), main(rabbit, dlq));
        }
      }
    } catch (IOException | TimeoutException | ShutdownSignalException e) {
      throw new StoreException("Queues could not be declared", Certainty.NOT_DONE, e);
    }
  }

  /** Whether the broker is a RabbitMQ: others refuse its queue arguments. */
  static boolean isRabbit(Connection connection) {
    Object product = connection.getServerProperties().get("product");
    return product != null && "RabbitMQ".equals(product.toString());
  }

  private Map<String, Object> main(boolean rabbit, String dlq) {
    Map<String, Object> arguments = new HashMap<>();
    if (rabbit) {
      deadLetterTo(arguments, dlq);
    }
    if (options.queueKind() == QueueKind.QUORUM) {
      arguments.put("x-queue-type", "quorum");
      arguments.put("x-delivery-limit", options.deliveryLimit());
      // The broker's own dead-lettering is unconfirmed unless told otherwise, and this needs that.
      arguments.put("x-dead-letter-strategy", "at-least-once");
      arguments.put("x-overflow", "reject-publish");
    }
    return arguments;
  }

  private Map<String, Object> helper(boolean rabbit, @Nullable String dlq) {
    Map<String, Object> arguments = new HashMap<>();
    if (rabbit && dlq != null) {
      deadLetterTo(arguments, dlq);
    }
    if (options.queueKind() == QueueKind.QUORUM) {
      arguments.put("x-queue-type", "quorum");
      arguments.put("x-delivery-limit", NEVER);
    }
    return arguments;
  }

  /** So that what the broker itself gives up (delivery limit, a policy's TTL) is not dropped. */
  private static void deadLetterTo(Map<String, Object> arguments, String dlq) {
    arguments.put("x-dead-letter-exchange", "");
    arguments.put("x-dead-letter-routing-key", dlq);
  }

  private static void declare(Channel channel, String queue, Map<String, Object> arguments)
      throws IOException {
    try {
      channel.queueDeclare(queue, true, false, false, arguments);
    } catch (IOException e) {
      throw refused(
          e,
          "Queue "
              + queue
              + " cannot be declared with "
              + arguments
              + ". If it exists with other arguments, set queueKind to what it is or to EXISTING");
    }
  }

  private static void check(Channel channel, String queue) throws IOException {
    try {
      channel.queueDeclarePassive(queue);
    } catch (IOException e) {
      throw refused(
          e, "Queue " + queue + " is not there. Declare it, or set queueKind to CLASSIC or QUORUM");
    }
  }

  /** The broker's own no names the setting to mend; anything else is trouble on the way. */
  private static StoreException refused(IOException answer, String complaint) throws IOException {
    if (answer.getCause() instanceof ShutdownSignalException signal && signal.getReason() != null) {
      return new StoreException(complaint, Certainty.NOT_DONE, answer);
    }
    throw answer;
  }
}
