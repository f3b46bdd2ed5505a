package dev.jobs4j.architecture.planted.core;

import dev.jobs4j.architecture.planted.core.internal.worker.Worker;
import java.time.InstantSource;
import java.util.Random;
import java.util.UUID;

/** The only place that may pick clock, chance and threads. */
public class JobsBuilder {
  public Worker build() {
    Random chance = new Random();
    Worker worker = new Worker(System::nanoTime, InstantSource.system(), chance::nextLong);
    return worker.named(UUID.randomUUID());
  }
}
