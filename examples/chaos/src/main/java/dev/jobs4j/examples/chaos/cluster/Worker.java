package dev.jobs4j.examples.chaos.cluster;

import dev.jobs4j.examples.chaos.wire.Wire;
import dev.jobs4j.examples.chaos.work.ChaosWorker;
import dev.jobs4j.examples.chaos.work.Database;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A worker that is started again whenever it ended; each of its lives has a name of its own. */
public final class Worker {

  private final String name;
  private final Wire wire;
  private final Path folder;
  private int lives;
  private @Nullable Process process;

  Worker(String name, Wire wire, Path folder) {
    this.name = name;
    this.wire = wire;
    this.folder = folder;
  }

  /** The name that all its lives share. */
  public String name() {
    return name;
  }

  /** The name of its present life. */
  public String life() {
    return name + "." + lives;
  }

  /** The worker that a life belongs to. */
  public static String ofLife(String life) {
    int dot = life.lastIndexOf('.');
    return dot < 0 ? life : life.substring(0, dot);
  }

  /** Its way to the database. */
  public Wire wire() {
    return wire;
  }

  /** Begins another life. */
  public void start() throws IOException {
    lives++;
    File log = folder.resolve(life() + ".out").toFile();
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                ChaosWorker.class.getName(),
                life(),
                Database.url(wire.port()),
                folder.toString())
            .redirectErrorStream(true)
            .redirectOutput(log)
            .start();
  }

  private Process process() {
    Process running = process;
    if (running == null) {
      throw new IllegalStateException(name + " was never started");
    }
    return running;
  }

  /** Waits until its present life has run a job, at most so long. */
  public void awaitWork(Duration patience) throws IOException, InterruptedException {
    Path ledger = folder.resolve(life() + ".ledger");
    long deadline = System.nanoTime() + patience.toNanos();
    while (System.nanoTime() < deadline && !(Files.exists(ledger) && Files.size(ledger) > 0)) {
      Thread.sleep(20);
    }
  }

  /** Ends it with -9. */
  public void kill() throws InterruptedException {
    process().destroyForcibly().waitFor();
  }

  /** Stops it from running at all until {@link #thaw}. */
  public void freeze() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** Lets it go on where it was. */
  public void thaw() throws IOException, InterruptedException {
    signal("CONT");
  }

  /** Asks it to end in order; answers whether it did so within {@code seconds}. */
  public boolean terminate(int seconds) throws IOException, InterruptedException {
    signal("TERM"); // not destroy(), which closes its standard input as if we were gone
    if (process().waitFor(seconds, TimeUnit.SECONDS)) {
      return true;
    }
    kill();
    return false;
  }

  /** Lets the host's own code hold all connections of its pool for a while. */
  public void hog(long millis) throws IOException {
    OutputStream orders = process().getOutputStream();
    orders.write((ChaosWorker.HOG + millis + "\n").getBytes(StandardCharsets.UTF_8));
    orders.flush();
  }

  /** Whether it runs, or is frozen. */
  public boolean isAlive() {
    return process().isAlive();
  }

  private void signal(String signal) throws IOException, InterruptedException {
    int answer =
        new ProcessBuilder("kill", "-" + signal, Long.toString(process().pid())).start().waitFor();
    if (answer != 0) {
      throw new IOException("kill -" + signal + " of " + life() + " failed: " + answer);
    }
  }
}
