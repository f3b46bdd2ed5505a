package dev.jobs4j.architecture.planted.core.internal.worker;

import java.time.Clock;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;

/** The package that may start threads; time and chance come from outside. */
public class Worker {
  private final LongSupplier ticker;
  private final InstantSource clock;
  private final LongSupplier chance;

  public Worker(LongSupplier ticker, InstantSource clock, LongSupplier chance) {
    this.ticker = ticker;
    this.clock = clock;
    this.chance = chance;
  }

  public Worker named(UUID id) {
    Random seeded = new Random(id.getLeastSignificantBits() ^ chance.getAsLong());
    ExecutorService pool = Executors.newFixedThreadPool(1 + seeded.nextInt(2));
    CompletableFuture<Void> started = CompletableFuture.runAsync(() -> {}, pool);
    new Thread(started::join, "worker-" + ticker.getAsLong() + "-" + today()).start();
    return this;
  }

  private LocalDate today() {
    return LocalDate.now(Clock.fixed(clock.instant(), ZoneOffset.UTC));
  }
}
