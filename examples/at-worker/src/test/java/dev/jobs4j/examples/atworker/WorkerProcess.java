package dev.jobs4j.examples.atworker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A worker in a process of its own, with what it has logged. */
final class WorkerProcess implements AutoCloseable {

  private static final long SIGINT = 1 << 1;

  private final Process process;
  private final Path log;

  private WorkerProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** Starts one in {@code folder}, where it may find a {@code .env}. */
  static WorkerProcess start(Path folder, Map<String, String> environment) throws IOException {
    List<String> command = new ArrayList<>(signals());
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx160m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(AtWorker.class.getName());
    Path log = Files.createTempFile(folder, "worker", ".out");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    return new WorkerProcess(builder.start(), log);
  }

  /** What a shell starts in the background ignores SIGINT, and so would its children. */
  private static List<String> signals() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return List.of();
    }
    boolean ignored =
        Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .map(line -> Long.parseUnsignedLong(line.substring(7).trim(), 16))
            .anyMatch(signals -> (signals & SIGINT) != 0);
    return ignored ? List.of("env", "--default-signal=INT") : List.of();
  }

  String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Waits until it has logged this. */
  WorkerProcess awaitLog(String text) {
    Wait.until(
        () -> {
          boolean there = log().contains(text);
          assertThat(there || process.isAlive()).as("ended: %s", log()).isTrue();
          return there;
        },
        Duration.ofSeconds(60),
        () -> "\"" + text + "\" in " + log());
    return this;
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor(); // SIGKILL
  }

  /** Sends a signal, as TERM. */
  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor();
  }

  int exitCode() throws InterruptedException {
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("still runs: %s", log()).isTrue();
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
