package dev.jobs4j.transport.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import dev.jobs4j.api.Due;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.spi.Demand;
import dev.jobs4j.spi.JobSource;
import dev.jobs4j.spi.Lease;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.SourceListener;
import dev.jobs4j.spi.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Two job queues of one test on the broker, a proxy in front of it, and a connection of its own
 * beside it that sees what is really in the queues.
 */
final class Site implements AutoCloseable {

  static final Duration LONG = Duration.ofSeconds(20);

  final JobQueue mails = JobQueue.of("mails-" + UUID.randomUUID());
  final JobQueue bills = JobQueue.of("bills-" + UUID.randomUUID());
  final FaultProxy proxy;
  final List<Lease> revoked = new CopyOnWriteArrayList<>();
  private final Connection connection;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private Duration ahead = Duration.ZERO;

  final SourceListener listener =
      new SourceListener() {
        @Override
        public void revoked(Collection<? extends Lease> leases, Duration drain) {
          revoked.addAll(leases);
        }

        @Override
        public void cancelRequested(Collection<? extends Lease> leases) {
          throw new AssertionError("Nobody can cancel on a broker");
        }
      };

  Site() throws Exception {
    proxy = new FaultProxy(AmqpBroker.get().host(), AmqpBroker.get().port());
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(AmqpBroker.get().uri());
    connection = factory.newConnection("test");
  }

  /** Real time, moved on by {@link #advance}. */
  InstantSource clock() {
    return () -> Instant.now().plus(ahead);
  }

  void advance(Duration by) {
    ahead = ahead.plus(by);
  }

  AmqpTransportOptions.Builder options() {
    return AmqpTransportOptions.builder()
        .uri(AmqpBroker.get().uriThrough(proxy.port()))
        .queues(mails, bills)
        .retryTiers(Duration.ofMillis(200), Duration.ofMillis(600))
        .confirmTimeout(Duration.ofSeconds(5))
        .clock(clock());
  }

  AmqpJobTransport transport() {
    return transport(options());
  }

  AmqpJobTransport transport(AmqpTransportOptions.Builder options) {
    AmqpJobTransport transport = AmqpJobTransport.of(options.build());
    opened.add(transport);
    return transport;
  }

  JobSource source(AmqpJobTransport transport) {
    JobSource source = transport.open(Set.of(mails, bills), listener);
    opened.add(source);
    return source;
  }

  static NewJob job(JobQueue queue) {
    JobId id = new JobId(UUID.randomUUID());
    byte[] body = ("{\"job\":\"" + id + "\"}").getBytes(StandardCharsets.UTF_8);
    return NewJob.of(id, "test.job", queue, new Payload("json", body));
  }

  /** The same job with what tests vary, a tenant and a header. */
  static NewJob with(NewJob job, Due due, @Nullable Integer maxAttempts) {
    return NewJob.builder(job.id(), job.type(), job.queue(), job.payload())
        .typeVersion(job.typeVersion())
        .due(due)
        .maxAttempts(maxAttempts)
        .tenant("acme")
        .headers(Map.of("trace", "t-1"))
        .build();
  }

  static List<NewJob> jobs(JobQueue queue, int count) {
    List<NewJob> jobs = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      jobs.add(job(queue));
    }
    return jobs;
  }

  Demand demand(int ofMails) {
    return new Demand(Map.of(mails, ofMails), true);
  }

  /** Takes turns until {@code count} jobs have come; an outage in between is lived through. */
  List<LeasedJob> take(JobSource source, int count) throws InterruptedException {
    return take(source, mails, count);
  }

  List<LeasedJob> take(JobSource source, JobQueue queue, int count) throws InterruptedException {
    List<LeasedJob> taken = new ArrayList<>();
    Instant end = Instant.now().plus(LONG);
    while (taken.size() < count) {
      assertThat(Instant.now()).as("taking %s, have %s", count, taken.size()).isBefore(end);
      try {
        Demand demand = new Demand(Map.of(queue, count - taken.size()), true);
        taken.addAll(source.turn(demand, Duration.ofMillis(200)));
      } catch (StoreException e) {
        LockSupport.parkNanos(50_000_000);
      }
    }
    return taken;
  }

  /** Takes turns that want nothing, or jobs that do not come, until something holds. */
  void turnUntil(JobSource source, int wanted, BooleanSupplier holds) throws InterruptedException {
    Instant end = Instant.now().plus(LONG);
    while (!holds.getAsBoolean()) {
      assertThat(Instant.now()).as("waiting").isBefore(end);
      try {
        assertThat(source.turn(demand(wanted), Duration.ofMillis(50))).isEmpty();
      } catch (StoreException e) {
        LockSupport.parkNanos(50_000_000);
      }
    }
  }

  static Set<Lease> settle(JobSource source, Outcome outcome, LeasedJob... jobs) {
    return settle(source, outcome, List.of(jobs));
  }

  static Set<Lease> settle(JobSource source, Outcome outcome, List<LeasedJob> jobs) {
    return source.settle(jobs.stream().map(job -> new Settlement(job.lease(), outcome)).toList());
  }

  static Set<Lease> leases(List<LeasedJob> jobs) {
    Set<Lease> leases = new HashSet<>();
    jobs.forEach(job -> leases.add(job.lease()));
    return leases;
  }

  static List<JobId> ids(List<LeasedJob> jobs) {
    return jobs.stream().map(LeasedJob::id).toList();
  }

  /** How many messages the broker would give to another consumer now. */
  int ready(String queue) {
    try (Channel channel = connection.createChannel()) {
      int count = channel.queueDeclarePassive(queue).getMessageCount();
      if (AmqpBroker.get().isRabbit()) {
        return count;
      }
      // Qpid counts what others hold, too; so try how many there are to be had, and give them back.
      int had = 0;
      while (channel.basicGet(queue, false) != null) {
        had++;
      }
      return had;
    } catch (Exception e) {
      throw new IllegalStateException("Queue " + queue, e);
    }
  }

  int ready(JobQueue queue) {
    return ready(queue.name());
  }

  boolean declared(JobQueue queue) {
    try {
      raw(channel -> channel.queueDeclarePassive(queue.name()));
      return true;
    } catch (Exception e) {
      return false;
    }
  }

  /** Publishes until it works. */
  void awaitPublishing(AmqpJobTransport transport, JobQueue queue) {
    awaitPublishing(transport, queue, true);
  }

  /** Publishes until it fails. */
  void awaitRefusal(AmqpJobTransport transport, JobQueue queue) {
    awaitPublishing(transport, queue, false);
  }

  private void awaitPublishing(AmqpJobTransport transport, JobQueue queue, boolean wantSuccess) {
    Instant end = Instant.now().plus(LONG);
    while (publishes(transport, queue) != wantSuccess) {
      assertThat(Instant.now()).as("publishing works: %s", wantSuccess).isBefore(end);
      LockSupport.parkNanos(20_000_000);
    }
  }

  /** Publishes a job, if that works now. */
  boolean publishes(AmqpJobTransport transport, JobQueue queue) {
    try {
      transport.publish(jobs(queue, 1));
      return true;
    } catch (StoreException e) {
      return false;
    }
  }

  /** Waits until the broker would give exactly so many to others. */
  void awaitReady(String queue, int count) {
    Instant end = Instant.now().plus(LONG);
    while (ready(queue) != count) {
      assertThat(Instant.now()).as("%s ready, want %s", ready(queue), count).isBefore(end);
      LockSupport.parkNanos(20_000_000);
    }
  }

  void awaitReady(JobQueue queue, int count) {
    awaitReady(queue.name(), count);
  }

  /** Takes one message off a queue for good. */
  GetResponse get(String queue) throws Exception {
    try (Channel channel = connection.createChannel()) {
      GetResponse response = channel.basicGet(queue, true);
      assertThat(response).as("a message in %s", queue).isNotNull();
      return response;
    }
  }

  String dlq(JobQueue queue) {
    return AmqpTopology.deadLetters(queue);
  }

  static Map<String, String> headers(GetResponse message) {
    Map<String, String> headers = new java.util.TreeMap<>();
    message.getProps().getHeaders().forEach((name, value) -> headers.put(name, "" + value));
    return headers;
  }

  /** Publishes as somebody who has never heard of us. */
  void publishForeign(JobQueue queue, AMQP.BasicProperties properties, String body)
      throws Exception {
    try (Channel channel = connection.createChannel()) {
      channel.confirmSelect();
      channel.basicPublish("", queue.name(), properties, body.getBytes(StandardCharsets.UTF_8));
      channel.waitForConfirmsOrDie(5_000);
    }
  }

  /** Does something on a channel of its own. */
  void raw(RawCommand command) throws Exception {
    try (Channel channel = connection.createChannel()) {
      command.on(channel);
    }
  }

  interface RawCommand {
    void on(Channel channel) throws Exception;
  }

  @Override
  public void close() throws Exception {
    for (int i = opened.size() - 1; i >= 0; i--) {
      opened.get(i).close();
    }
    proxy.close();
    for (JobQueue queue : List.of(mails, bills)) {
      for (String suffix : List.of("", ".dlq", ".retry.200ms", ".retry.600ms")) {
        try {
          raw(channel -> channel.queueDelete(queue.name() + suffix));
        } catch (IOException e) {
          // never declared by this test
        }
      }
    }
    connection.close();
  }
}
