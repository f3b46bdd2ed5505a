package dev.jobs4j.transport.kafka;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.AppInfoParser;

/**
 * A real broker, combined with its KRaft controller, in a process of its own on 127.0.0.1. One
 * serves all tests of a JVM; it is killed and its folder deleted when that ends.
 */
final class KafkaBroker {
  private static KafkaBroker shared;

  private final Path folder;
  private final Path config;
  private final int port;
  private Process process;

  private KafkaBroker() {
    try {
      Path parent = Path.of(System.getProperty("jobs.test.tmp", "target/tmp"));
      Files.createDirectories(parent);
      folder = Files.createTempDirectory(parent.toAbsolutePath(), "kafka");
      port = freePort();
      config = folder.resolve("server.properties");
      Files.writeString(config, properties(freePort()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The broker that all tests share, running. */
  static synchronized KafkaBroker shared() {
    if (shared == null) {
      KafkaBroker broker = new KafkaBroker();
      Runtime.getRuntime().addShutdownHook(new Thread(broker::remove));
      broker.format();
      broker.start();
      shared = broker;
    }
    return shared;
  }

  /** Its name and version, as reports show it. */
  static String version() {
    return "Kafka " + AppInfoParser.getVersion();
  }

  String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", bootstrapServers()));
  }

  /** Where a group stands in a partition by the broker's books; 0 if nowhere. */
  long committed(String group, String topic, int partition) {
    try (Admin admin = admin()) {
      OffsetAndMetadata offset =
          admin
              .listConsumerGroupOffsets(group)
              .partitionsToOffsetAndMetadata()
              .get()
              .get(new TopicPartition(topic, partition));
      return offset == null ? 0 : offset.offset();
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether a group is at rest and so many members have a partition of the topic. */
  boolean isSpread(String group, String topic, int members) {
    try (Admin admin = admin()) {
      ConsumerGroupDescription found =
          admin.describeConsumerGroups(List.of(group)).describedGroups().get(group).get();
      return found.groupState() == GroupState.STABLE
          && found.members().size() == members
          && found.members().stream()
              .allMatch(
                  m ->
                      m.assignment().topicPartitions().stream()
                          .anyMatch(p -> p.topic().equals(topic)));
    } catch (ExecutionException e) {
      return false; // no group yet
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** All records of a topic, read outside of any group; none if there is no such topic. */
  List<ConsumerRecord<byte[], byte[]>> records(String topic) {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers", bootstrapServers(),
            "enable.auto.commit", false,
            "allow.auto.create.topics", false);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      List<PartitionInfo> infos = consumer.listTopics().getOrDefault(topic, List.of());
      List<TopicPartition> partitions =
          infos.stream().map(p -> new TopicPartition(topic, p.partition())).toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        consumer.poll(Duration.ofMillis(100)).forEach(records::add);
      }
      return records;
    }
  }

  private String properties(int controllerPort) {
    return String.join(
        "\n",
        "process.roles=broker,controller",
        "node.id=1",
        "controller.quorum.voters=1@127.0.0.1:" + controllerPort,
        "controller.listener.names=CONTROLLER",
        "listeners=PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controllerPort,
        "advertised.listeners=PLAINTEXT://127.0.0.1:" + port,
        "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
        "log.dirs=" + folder.resolve("data"),
        "offsets.topic.replication.factor=1",
        "offsets.topic.num.partitions=1",
        "transaction.state.log.replication.factor=1",
        "transaction.state.log.min.isr=1",
        "transaction.state.log.num.partitions=1",
        "share.coordinator.state.topic.replication.factor=1",
        "share.coordinator.state.topic.min.isr=1",
        "share.coordinator.state.topic.num.partitions=1",
        "group.initial.rebalance.delay.ms=0",
        "group.min.session.timeout.ms=1000",
        "broker.session.timeout.ms=1500",
        "broker.heartbeat.interval.ms=300",
        "auto.create.topics.enable=false",
        "log.cleaner.enable=false",
        "log.index.size.max.bytes=1048576",
        "");
  }

  private void format() {
    Process format =
        launch(
            "format.log",
            "kafka.tools.StorageTool",
            "format",
            "-t",
            Uuid.randomUuid().toString(),
            "-c",
            config.toString());
    try {
      if (!format.waitFor(180, TimeUnit.SECONDS) || format.exitValue() != 0) {
        format.destroyForcibly();
        throw new IllegalStateException(
            "StorageTool failed:\n" + Files.readString(folder.resolve("format.log")));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Starts it, again after {@link #kill} on the same port and data; returns when it answers. */
  synchronized void start() {
    process = launch("broker.log", "kafka.Kafka", config.toString());
    long end = System.nanoTime() + Duration.ofSeconds(180).toNanos();
    for (; ; ) {
      try (Admin admin = admin()) {
        admin.describeCluster().nodes().get(2, TimeUnit.SECONDS);
        admin.listTopics().names().get(2, TimeUnit.SECONDS);
        return;
      } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
        if (!process.isAlive() || System.nanoTime() > end) {
          throw new IllegalStateException(
              "The broker does not answer, see " + folder.resolve("broker.log"), e);
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** Ends it as a power failure would. */
  synchronized void kill() {
    process.destroyForcibly().onExit().join();
  }

  private synchronized void remove() {
    if (process != null) {
      kill();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process launch(String log, String main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.add("-Dkafka.logs.dir=" + folder);
    command.addAll(List.of("-cp", classPath(), main));
    command.addAll(List.of(arguments));
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve(log).toFile()))
          .directory(folder.toFile())
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The class path of this JVM; Surefire hides it behind a jar of its own. */
  static String classPath() {
    String surefire = System.getProperty("surefire.test.class.path");
    return surefire == null ? System.getProperty("java.class.path") : surefire;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
