package dev.jobs4j.transport.amqp;

import com.rabbitmq.client.ConnectionFactory;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobQueue;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Where the broker is and how its queues are used. Immutable; start with {@link #builder()}.
 *
 * @param connectionFactory how to connect; a copy is kept, with the client's own recovery off,
 *     because a recovered channel would acknowledge under stale tags
 * @param queues the broker queues that are worked, at least one
 * @param queueKind what a queue is declared as
 * @param deliveryLimit how often a QUORUM queue gives a message out again before it goes to the
 *     dead-letter queue, ≥ 1; above the restarts to be expected, since each may return a message
 * @param retryTiers the steps of waiting, each with a queue of its own, 1 ms to 10 min, rising; a
 *     longer delay goes through the last step more than once
 * @param confirmTimeout how long the broker may take to confirm a message or to answer a command, 1
 *     ms to 10 min
 * @param maxOutstanding how many messages may wait for their confirms at once, ≥ 1
 * @param maxPrefetch the most deliveries of one queue that are held here unsettled, 1 to 65,535
 * @param clock tells when a delayed job is due; the nodes on one broker must agree on the time as
 *     closely as delays are to be exact
 */
public record AmqpTransportOptions(
    ConnectionFactory connectionFactory,
    Set<JobQueue> queues,
    QueueKind queueKind,
    int deliveryLimit,
    List<Duration> retryTiers,
    Duration confirmTimeout,
    int maxOutstanding,
    int maxPrefetch,
    InstantSource clock) {

  /** What a queue is on the broker. */
  public enum QueueKind {
    /** Durable, on one node. */
    CLASSIC,
    /** Replicated over the nodes of a RabbitMQ cluster; its delivery limit is declared with it. */
    QUORUM,
    /**
     * Declared by others, which is only checked. Its retry and dead-letter queues are declared
     * CLASSIC.
     */
    EXISTING
  }

  /** The longest step: a message in wait stays well within RabbitMQ's consumer timeout, 30 min. */
  static final Duration LONGEST_TIER = Duration.ofMinutes(10);

  /** Checks the ranges and copies what could change. */
  public AmqpTransportOptions {
    connectionFactory = connectionFactory.clone();
    connectionFactory.setAutomaticRecoveryEnabled(false);
    connectionFactory.setTopologyRecoveryEnabled(false);
    check(
        confirmTimeout.toMillis() >= 1 && confirmTimeout.compareTo(Duration.ofMinutes(10)) <= 0,
        "confirmTimeout must be 1 ms to 10 min, was " + confirmTimeout);
    connectionFactory.setChannelRpcTimeout((int) confirmTimeout.toMillis());
    queues = Set.copyOf(queues);
    retryTiers = List.copyOf(retryTiers);
    Objects.requireNonNull(queueKind, "queueKind");
    Objects.requireNonNull(clock, "clock");
    check(!queues.isEmpty(), "queues must name at least one queue");
    check(deliveryLimit >= 1, "deliveryLimit must be >= 1, was " + deliveryLimit);
    check(!retryTiers.isEmpty(), "retryTiers must have at least one step");
    Duration before = Duration.ZERO;
    for (Duration tier : retryTiers) {
      check(
          tier.compareTo(before) > 0 && tier.toMillis() >= 1 && tier.compareTo(LONGEST_TIER) <= 0,
          "retryTiers must rise from >= 1 ms to <= 10 min, were " + retryTiers);
      before = tier;
    }
    check(maxOutstanding >= 1, "maxOutstanding must be >= 1, was " + maxOutstanding);
    check(
        maxPrefetch >= 1 && maxPrefetch <= 65_535,
        "maxPrefetch must be 1 to 65535, was " + maxPrefetch);
  }

  private static void check(boolean holds, String message) {
    if (!holds) {
      throw new InvalidJobException(message);
    }
  }

  /** The settings without the connection's, which has a password. */
  @Override
  public String toString() {
    return "AmqpTransportOptions[queues="
        + queues
        + ", queueKind="
        + queueKind
        + ", deliveryLimit="
        + deliveryLimit
        + ", retryTiers="
        + retryTiers
        + ", confirmTimeout="
        + confirmTimeout
        + ", maxOutstanding="
        + maxOutstanding
        + ", maxPrefetch="
        + maxPrefetch
        + "]";
  }

  /**
   * Defaults; {@code uri} or {@code connectionFactory}, {@code queues} and {@code clock} are
   * needed.
   */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects settings; a setting not made keeps its default. */
  public static final class Builder {
    private @Nullable ConnectionFactory connectionFactory;
    private Set<JobQueue> queues = Set.of();
    private QueueKind queueKind = QueueKind.CLASSIC;
    private int deliveryLimit = 50;
    private List<Duration> retryTiers =
        List.of(
            Duration.ofSeconds(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofMinutes(2),
            Duration.ofMinutes(10));
    private Duration confirmTimeout = Duration.ofSeconds(10);
    private int maxOutstanding = 1_000;
    private int maxPrefetch = 1_000;
    private @Nullable InstantSource clock;

    private Builder() {}

    /**
     * Connects to {@code amqp://user:password@host:port/vhost} or {@code amqps://...}; the
     * certificate of an amqps server must be one that this JVM trusts, and bear the host's name.
     */
    public Builder uri(String uri) {
      ConnectionFactory factory = new ConnectionFactory();
      try {
        factory.setUri(uri);
        if (factory.isSSL()) {
          // The host brings the client, and older ones trust every certificate unless told.
          factory.useSslProtocol(SSLContext.getDefault());
          factory.enableHostnameVerification();
        }
      } catch (URISyntaxException | GeneralSecurityException | IllegalArgumentException e) {
        // Without the URI itself, and without the cause, whose message quotes it: it has a
        // password.
        throw new InvalidJobException(
            "uri must be amqp[s]://user:password@host:port/vhost ("
                + e.getClass().getSimpleName()
                + ")");
      }
      factory.setRequestedHeartbeat(20);
      factory.setConnectionTimeout(10_000);
      this.connectionFactory = factory;
      return this;
    }

    /** Connects as this factory says; its recovery settings are overruled. */
    public Builder connectionFactory(ConnectionFactory value) {
      this.connectionFactory = value;
      return this;
    }

    /** The broker queues to work. */
    public Builder queues(JobQueue... values) {
      this.queues = new LinkedHashSet<>(Arrays.asList(values));
      return this;
    }

    /** What they are declared as; CLASSIC unless set. */
    public Builder queueKind(QueueKind value) {
      this.queueKind = value;
      return this;
    }

    /** How often a QUORUM queue gives one message out again; 50 unless set. */
    public Builder deliveryLimit(int value) {
      this.deliveryLimit = value;
      return this;
    }

    /** The steps of waiting; 1 s, 5 s, 30 s, 2 min and 10 min unless set. */
    public Builder retryTiers(Duration... values) {
      this.retryTiers = List.of(values);
      return this;
    }

    /** How long the broker may take to answer; 10 s unless set. */
    public Builder confirmTimeout(Duration value) {
      this.confirmTimeout = value;
      return this;
    }

    /** How many messages may wait for their confirms at once; 1,000 unless set. */
    public Builder maxOutstanding(int value) {
      this.maxOutstanding = value;
      return this;
    }

    /** The most deliveries of one queue held here; 1,000 unless set. */
    public Builder maxPrefetch(int value) {
      this.maxPrefetch = value;
      return this;
    }

    /** The clock of delays, the system's in production. */
    public Builder clock(InstantSource value) {
      this.clock = value;
      return this;
    }

    /**
     * The options.
     *
     * @throws InvalidJobException if a setting is missing or out of range
     */
    public AmqpTransportOptions build() {
      ConnectionFactory factory = connectionFactory;
      InstantSource source = clock;
      if (factory == null) {
        throw new InvalidJobException("uri or connectionFactory must be set");
      }
      if (source == null) {
        throw new InvalidJobException("clock must be set, to InstantSource.system() in production");
      }
      return new AmqpTransportOptions(
          factory,
          queues,
          queueKind,
          deliveryLimit,
          retryTiers,
          confirmTimeout,
          maxOutstanding,
          maxPrefetch,
          source);
    }
  }
}
