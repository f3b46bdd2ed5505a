package dev.jobs4j.simulation;

import dev.jobs4j.simulation.Swarm.Habitat;
import java.util.ArrayList;
import java.util.List;

/** The bugs that the simulation must find: each was, or could have been, somebody's. */
final class Zoo {

  private Zoo() {}

  /**
   * One bug.
   *
   * @param rule the one that it breaks
   * @param habitat what its runs must have
   */
  record Animal(String name, Rule rule, Bug bug, Habitat habitat) {

    /** One that lives anywhere. */
    Animal(String name, Rule rule, Bug bug) {
      this(name, rule, bug, Habitat.ANY);
    }

    Animal livesIn(Habitat value) {
      return new Animal(name, rule, bug, value);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static List<Animal> all() {
    List<Animal> all = new ArrayList<>(StoreBugs.all());
    all.addAll(NodeBugs.all());
    return all;
  }
}
