package dev.jobs4j.transport.kafka;

import dev.jobs4j.spi.StoreException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees to it, once, that every topic is there, and learns the cluster's id. Thread-safe. */
final class KafkaTopics {
  private static final Logger log = LoggerFactory.getLogger(KafkaTopics.class);

  private final KafkaTransportOptions options;
  private final TopicPlan plan;
  private @Nullable String clusterId;

  KafkaTopics(KafkaTransportOptions options, TopicPlan plan) {
    this.options = options;
    this.plan = plan;
  }

  /**
   * The cluster's id, after all topics were found or made. The lock keeps two starting sources from
   * making them twice.
   *
   * @throws StoreException if the cluster does not answer or a topic is missing
   */
  synchronized String ready() {
    if (clusterId == null) {
      try (Admin admin = Admin.create(ClientProperties.admin(options))) {
        String id = admin.describeCluster().clusterId().get();
        createMissing(admin);
        clusterId = id;
      } catch (ExecutionException e) {
        throw failed(Objects.requireNonNullElse(e.getCause(), e));
      } catch (KafkaException e) {
        throw failed(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw failed(e);
      }
    }
    return clusterId;
  }

  private StoreException failed(Throwable cause) {
    return new StoreException(
        "Kafka at bootstrapServers="
            + options.bootstrapServers()
            + " could not be asked for its topics: "
            + cause.getMessage(),
        StoreException.Certainty.NOT_DONE,
        cause);
  }

  private void createMissing(Admin admin) throws ExecutionException, InterruptedException {
    Set<String> missing = new TreeSet<>(plan.all());
    missing.removeAll(admin.listTopics().names().get());
    if (missing.isEmpty()) {
      return;
    }
    if (!options.createTopics()) {
      throw new KafkaException("missing " + missing + "; create them or set createTopics(true)");
    }
    List<NewTopic> wanted = new ArrayList<>();
    missing.forEach(name -> wanted.add(topic(name)));
    for (var made : admin.createTopics(wanted).values().entrySet()) {
      try {
        made.getValue().get();
        log.info("Created a topic: topic={}, partitions={}", made.getKey(), options.partitions());
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) { // another node was faster
          throw e;
        }
      }
    }
  }

  private NewTopic topic(String name) {
    boolean isQueue = options.queues().stream().anyMatch(q -> q.name().equals(name));
    boolean isDeadLetters =
        options.queues().stream().anyMatch(q -> plan.deadLetters(q).equals(name));
    Map<String, String> settings = new HashMap<>();
    int limit = ClientProperties.MAX_RECORD + (isQueue ? 0 : ClientProperties.COPY_MARGIN);
    settings.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(limit));
    if (isDeadLetters) {
      settings.put(TopicConfig.RETENTION_MS_CONFIG, "-1"); // they stay until a person has looked
    }
    Optional<Short> replication =
        options.replication() == 0 ? Optional.empty() : Optional.of((short) options.replication());
    return new NewTopic(name, Optional.of(options.partitions()), replication).configs(settings);
  }
}
