package dev.jobs4j.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SimulationTest {
  @Test
  void scratch() {
    Quiet.be();
    long from = Long.getLong("jobs4j.seed", 1);
    long many = Long.getLong("jobs4j.seeds", 50);
    Figures sum = new Figures();
    long t = System.nanoTime();
    try (Simulation simulation = new Simulation()) {
      for (long seed = from; seed < from + many; seed++) {
        Simulation.Result result = simulation.run(seed, Bug.NONE);
        sum.add(result.figures());
        if (result.breach() != null) {
          System.out.println(result.report());
          System.exit(1);
        }
      }
    }
    System.out.println(sum);
    System.out.println((System.nanoTime() - t) / 1_000_000 + " ms");
  }
  public static void main(String[] a) { new SimulationTest().scratch(); System.exit(0); }
}
