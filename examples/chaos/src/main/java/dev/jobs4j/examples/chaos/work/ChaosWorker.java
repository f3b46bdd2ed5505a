package dev.jobs4j.examples.chaos.work;

import com.zaxxer.hikari.HikariDataSource;
import dev.jobs4j.api.retry.Backoff;
import dev.jobs4j.api.retry.RetryPolicy;
import dev.jobs4j.core.Jobs;
import dev.jobs4j.core.JobsBuilder;
import dev.jobs4j.core.config.HandlerOptions;
import dev.jobs4j.core.config.WorkerOptions;
import dev.jobs4j.examples.chaos.ledger.Ledger;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One worker process: {@code ChaosWorker <name of this life> <database url> <folder of ledgers>}.
 * Ends in order when it is told to terminate, and at once when whoever started it is gone.
 */
public final class ChaosWorker {

  /** What it is told on its standard input: hold every connection of the pool, so many ms. */
  public static final String HOG = "hog ";

  private static final int POOL = 6;

  private ChaosWorker() {}

  /** Starts it. */
  public static void main(String[] args) throws Exception {
    Ledger ledger = Ledger.open(Path.of(args[2]), args[0]);
    HikariDataSource pool = Database.pool(args[1], POOL);
    Answers answers = new Answers(ledger);
    Handling handling = new Handling(ledger, answers, pool);
    JobsBuilder builder =
        Jobs.builder()
            .store(Database.store(pool))
            .options(Database.options(args[0]))
            .queue("fast", WorkerOptions.of(6))
            .queue("slow", WorkerOptions.of(2))
            .queue("line", WorkerOptions.of(2))
            .queue("limit", WorkerOptions.of(3))
            .listener(answers);
    for (Kind kind : Kind.values()) {
      builder.handler(
          kind.type(), (task, context) -> handling.run(kind, task, context), options(kind));
    }
    Jobs jobs = builder.start();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  jobs.close();
                  pool.close();
                }));
    obey(pool);
  }

  private static HandlerOptions options(Kind kind) {
    return HandlerOptions.defaults()
        .queue(kind.queue())
        .retry(RetryPolicy.of(kind.maxAttempts(), Backoff.constant(Duration.ofMillis(300))));
  }

  private static void obey(HikariDataSource pool) throws IOException, InterruptedException {
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String order = orders.readLine(); order != null; order = orders.readLine()) {
      if (order.startsWith(HOG)) {
        hog(pool, Long.parseLong(order.substring(HOG.length())));
      }
    }
    Runtime.getRuntime().halt(1); // nobody is left who would end us
  }

  /** The host's own code takes every connection that it can get and does not give it back. */
  private static void hog(HikariDataSource pool, long millis) throws InterruptedException {
    long until = System.nanoTime() + Duration.ofMillis(millis).toNanos();
    List<Connection> taken = new ArrayList<>();
    while (System.nanoTime() < until) {
      try {
        if (taken.size() < POOL) {
          taken.add(pool.getConnection());
        } else {
          Thread.sleep(20);
        }
      } catch (SQLException e) {
        Thread.sleep(20); // those that others have come back in a moment
      }
    }
    for (Connection connection : taken) {
      try {
        connection.close();
      } catch (SQLException e) {
        // its pool makes a new one
      }
    }
  }
}
