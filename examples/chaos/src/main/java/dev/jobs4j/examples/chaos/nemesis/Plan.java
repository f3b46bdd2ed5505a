package dev.jobs4j.examples.chaos.nemesis;

import dev.jobs4j.examples.chaos.cluster.Cluster;
import dev.jobs4j.examples.chaos.work.Database;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * All faults of a run, in rounds; the same for the same size and seed. In each round one worker is
 * spared from what happens to single workers; on the others faults follow one another, so that each
 * has time to show its consequences.
 */
record Plan(List<Round> rounds) {

  private static final Fault[] PARTITIONS = {
    Fault.HOLE_BOTH, Fault.HALF_OPEN, Fault.HOLE_REQUESTS, Fault.HOLE_ANSWERS
  };
  private static final long ROUND_MILLIS = Size.ROUND.toMillis();
  private static final long LEASE_MILLIS = Database.LEASE.duration().toMillis();

  /**
   * One fault.
   *
   * @param target the number of the worker, or the one after the last for who enqueues
   * @param waitMillis how long after the one before it on its track
   * @param millis how long it lasts, or how large it is
   */
  record Step(Fault fault, int target, long waitMillis, long millis) {}

  /** What happens beside each other. */
  record Round(List<List<Step>> tracks) {}

  static Plan of(Size size, long seed) {
    Random random = new Random(seed);
    List<Round> rounds = new ArrayList<>();
    for (int i = 0; i < size.rounds(); i++) {
      rounds.add(round(size, i, random));
    }
    return new Plan(rounds);
  }

  private static Round round(Size size, int i, Random random) {
    List<Fault> ofWorkers = new ArrayList<>(List.of(Fault.DELAY, Fault.POOL, Fault.TERMINATE));
    ofWorkers.addAll(Collections.nCopies(part(size.kills(), size, i), Fault.KILL));
    ofWorkers.addAll(Collections.nCopies(part(size.freezes(), size, i), Fault.FREEZE));
    for (int p = 0; p < part(size.partitions(), size, i); p++) {
      ofWorkers.add(PARTITIONS[random.nextInt(PARTITIONS.length)]);
    }
    Collections.shuffle(ofWorkers, random);
    int spared = i % Cluster.WORKERS;
    List<List<Step>> tracks = new ArrayList<>();
    tracks.add(new ArrayList<>());
    tracks.add(new ArrayList<>());
    for (Fault fault : ofWorkers) {
      int track = millis(tracks.get(0)) <= millis(tracks.get(1)) ? 0 : 1;
      int target = (spared + 1 + track) % Cluster.WORKERS;
      tracks.get(track).add(step(fault, target, random));
    }
    tracks.add(ofServer(size, i, random));
    tracks.add(ofWires(size, i, random));
    return new Round(tracks);
  }

  /** What belongs to this round if there are so many in all. */
  private static int part(int all, Size size, int round) {
    return all * (round + 1) / size.rounds() - all * round / size.rounds();
  }

  private static Step step(Fault fault, int target, Random random) {
    double chance = random.nextDouble();
    long millis =
        switch (fault) {
          case KILL -> (long) (200 + 800 * chance);
          case FREEZE -> (long) (LEASE_MILLIS * (1.5 + 3.5 * chance * chance * chance));
          case DELAY -> (long) (LEASE_MILLIS * 2 * chance);
          case HOLE_REQUESTS, HOLE_ANSWERS, HOLE_BOTH, HALF_OPEN ->
              (long) (LEASE_MILLIS * (0.8 + chance));
          case POOL -> (long) (LEASE_MILLIS * (0.6 + 0.6 * chance));
          default -> (long) (200 * chance);
        };
    return new Step(fault, target, 300 + random.nextInt(1_500), millis);
  }

  private static long millis(List<Step> track) {
    return track.stream().mapToLong(step -> step.millis() + step.waitMillis() + 2_000).sum();
  }

  private static List<Step> ofServer(Size size, int i, Random random) {
    List<Fault> faults = new ArrayList<>(List.of(Fault.BACKENDS));
    faults.addAll(Collections.nCopies(part(size.databaseKills(), size, i), Fault.DATABASE_KILL));
    if (i % 2 == 1) {
      faults.add(Fault.READ_ONLY);
    }
    Collections.shuffle(faults, random);
    List<Step> steps = new ArrayList<>();
    for (Fault fault : faults) {
      long wait = random.nextLong(ROUND_MILLIS / faults.size() * 2 / 3);
      long millis = fault == Fault.READ_ONLY ? 1_000 + random.nextInt(5_000) : 0;
      steps.add(new Step(fault, 0, wait, millis));
    }
    return steps;
  }

  /** Some more cuts than are asked for, as not each finds a commit. */
  private static List<Step> ofWires(Size size, int i, Random random) {
    List<Fault> faults = new ArrayList<>(List.of(Fault.RESET, Fault.RESET));
    faults.addAll(Collections.nCopies(part(size.cuts() * 13 / 10, size, i), Fault.CUT));
    Collections.shuffle(faults, random);
    faults.add(PARTITIONS[random.nextInt(PARTITIONS.length)]);
    List<Step> steps = new ArrayList<>();
    for (Fault fault : faults) {
      int target = fault.isPartition() ? Cluster.WORKERS : random.nextInt(Cluster.WORKERS + 1);
      long wait = random.nextLong(ROUND_MILLIS * 3 / 2 / faults.size());
      steps.add(new Step(fault, target, wait, fault.isPartition() ? 2_000 : 0));
    }
    return steps;
  }
}
