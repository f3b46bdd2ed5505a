package dev.jobs4j.simulation;

/** Runs one seed in a process of its own and prints the number of its trace. */
public final class Replay {

  private Replay() {}

  /** Runs the seed that is named. */
  public static void main(String[] arguments) {
    try (Logs logs = new Logs();
        Simulation simulation = new Simulation(1)) {
      System.out.println(
          "hash " + Long.toHexString(simulation.run(Long.parseLong(arguments[0])).hash()));
    }
  }
}
