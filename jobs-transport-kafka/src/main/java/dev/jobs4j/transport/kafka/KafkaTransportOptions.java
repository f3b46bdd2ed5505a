package dev.jobs4j.transport.kafka;

import dev.jobs4j.api.JobQueue;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.jspecify.annotations.Nullable;

/**
 * How jobs travel over one Kafka cluster. Immutable; made by {@link #builder}.
 *
 * @param bootstrapServers the brokers to ask first, {@code host:port[,host:port]}
 * @param groupId the consumer group that works the queues; also part of the names of its retry and
 *     dead-letter topics, so 1 to 100 of {@code A-Z a-z 0-9 . _ -}
 * @param queues the queues; each is the topic of its name
 * @param clock tells when a delayed job is due; every node judges by its own, so the nodes' clocks
 *     should agree to well within a second
 * @param retryTiers the delays of the retry topics, ascending, at least one
 * @param createTopics whether missing topics are created; otherwise a missing one is an error that
 *     names it
 * @param partitions the partitions of a topic it creates, ≥ 1
 * @param replication the replicas of a topic it creates; 0 leaves it to the broker
 * @param drainLimit how long running jobs may finish when their partition is taken away; at most
 *     half of {@code max.poll.interval.ms}
 * @param maxSpan how far a partition may be read beyond its oldest unfinished record, in offsets
 * @param maxBuffer how many records of a queue wait in memory, ≥ 2; a retry topic's partition that
 *     is not due yet may hold half as many beside
 * @param clientProperties further settings of the Kafka clients (security, time limits); those that
 *     our promises rest on are refused
 */
public record KafkaTransportOptions(
    String bootstrapServers,
    String groupId,
    Set<JobQueue> queues,
    InstantSource clock,
    List<Duration> retryTiers,
    boolean createTopics,
    int partitions,
    int replication,
    Duration drainLimit,
    int maxSpan,
    int maxBuffer,
    Map<String, String> clientProperties) {

  private static final Pattern GROUP = Pattern.compile("[A-Za-z0-9._-]{1,100}");
  private static final Duration DEFAULT_MAX_POLL_INTERVAL = Duration.ofMinutes(5);

  /** Checks each setting and copies the collections. */
  public KafkaTransportOptions {
    require(!bootstrapServers.isBlank(), "bootstrapServers must name a broker");
    require(
        GROUP.matcher(groupId).matches(),
        "groupId must be 1 to 100 of A-Z a-z 0-9 . _ - (it names topics), was \"" + groupId + "\"");
    require(!queues.isEmpty(), "queues must name at least one queue");
    require(!retryTiers.isEmpty(), "retryTiers must hold at least one delay");
    for (int i = 0; i < retryTiers.size(); i++) {
      Duration tier = retryTiers.get(i);
      require(
          tier.toMillis() >= 1 && (i == 0 || tier.compareTo(retryTiers.get(i - 1)) > 0),
          "retryTiers must be >= 1 ms and ascending, were " + retryTiers);
    }
    require(partitions >= 1, "partitions must be >= 1, was " + partitions);
    require(
        replication >= 0 && replication <= Short.MAX_VALUE,
        "replication must be 0 (the broker's default) or more, was " + replication);
    require(maxSpan >= 1, "maxSpan must be >= 1, was " + maxSpan);
    require(maxBuffer >= 2, "maxBuffer must be >= 2, was " + maxBuffer);
    for (String name : ClientProperties.RESERVED) {
      require(
          !clientProperties.containsKey(name),
          "clientProperties must not hold " + name + ": the transport sets it itself");
    }
    Duration pollInterval = maxPollInterval(clientProperties);
    require(
        !drainLimit.isNegative() && drainLimit.multipliedBy(2).compareTo(pollInterval) <= 0,
        "drainLimit must be 0 to half of max.poll.interval.ms ("
            + pollInterval
            + "), was "
            + drainLimit);
    Objects.requireNonNull(clock, "clock");
    queues = Set.copyOf(queues);
    retryTiers = List.copyOf(retryTiers);
    clientProperties = Map.copyOf(clientProperties);
    new TopicPlan(groupId, queues, retryTiers).check();
  }

  private static Duration maxPollInterval(Map<String, String> properties) {
    String text = properties.get(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG);
    return text == null ? DEFAULT_MAX_POLL_INTERVAL : Duration.ofMillis(Long.parseLong(text));
  }

  private static void require(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }

  /**
   * Options with the defaults and these four, which have none.
   *
   * @param clock judges when a delayed job is due, usually {@code InstantSource.system()}
   */
  public static Builder builder(
      String bootstrapServers, String groupId, InstantSource clock, String... queues) {
    return new Builder(bootstrapServers, groupId, clock).queues(queues);
  }

  /** Collects settings; see the record for what each means. */
  public static final class Builder {
    private final String bootstrapServers;
    private final String groupId;
    private final InstantSource clock;
    private final Set<JobQueue> queues = new LinkedHashSet<>();
    private final Map<String, String> clientProperties = new HashMap<>();
    private @Nullable List<Duration> retryTiers;
    private boolean createTopics = true;
    private int partitions = 4;
    private int replication;
    private Duration drainLimit = Duration.ofSeconds(10);
    private int maxSpan = 10_000;
    private int maxBuffer = 500;

    private Builder(String bootstrapServers, String groupId, InstantSource clock) {
      this.bootstrapServers = bootstrapServers;
      this.groupId = groupId;
      this.clock = clock;
    }

    /** Adds queues. */
    public Builder queues(String... names) {
      for (String name : names) {
        queues.add(JobQueue.of(name));
      }
      return this;
    }

    /** The delays of the retry topics; default 1 s, 5 s, 30 s, 2 min, 10 min, 1 h. */
    public Builder retryTiers(Duration... tiers) {
      retryTiers = new ArrayList<>(List.of(tiers));
      return this;
    }

    /** Whether missing topics are created; default true. */
    public Builder createTopics(boolean value) {
      createTopics = value;
      return this;
    }

    /** The partitions of a topic that is created; default 4. */
    public Builder partitions(int value) {
      partitions = value;
      return this;
    }

    /** The replicas of a topic that is created; default 0, the broker's own. */
    public Builder replication(int value) {
      replication = value;
      return this;
    }

    /** How long running jobs may finish in a rebalance; default 10 s. */
    public Builder drainLimit(Duration value) {
      drainLimit = value;
      return this;
    }

    /** How far a partition may be read beyond its oldest unfinished record; default 10,000. */
    public Builder maxSpan(int value) {
      maxSpan = value;
      return this;
    }

    /** How many records of a queue wait in memory; default 500. */
    public Builder maxBuffer(int value) {
      maxBuffer = value;
      return this;
    }

    /** A further setting of the Kafka clients. */
    public Builder clientProperty(String name, String value) {
      clientProperties.put(name, value);
      return this;
    }

    /**
     * The options.
     *
     * @throws IllegalArgumentException if a setting is out of range; the message names it
     */
    public KafkaTransportOptions build() {
      List<Duration> tiers = retryTiers;
      if (tiers == null) {
        tiers =
            List.of(
                Duration.ofSeconds(1),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ofMinutes(2),
                Duration.ofMinutes(10),
                Duration.ofHours(1));
      }
      return new KafkaTransportOptions(
          bootstrapServers,
          groupId,
          queues,
          clock,
          tiers,
          createTopics,
          partitions,
          replication,
          drainLimit,
          maxSpan,
          maxBuffer,
          clientProperties);
    }
  }
}
