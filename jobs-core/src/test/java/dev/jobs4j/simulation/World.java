package dev.jobs4j.simulation;

import dev.jobs4j.core.memory.InMemoryJobStore;
import dev.jobs4j.simulation.Swarm.Habitat;
import dev.jobs4j.spi.JobStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** All parts of one run. */
final class World {

  private final Bug bug;
  private final Chance chance;
  private final Swarm swarm;
  private final Agenda agenda = new Agenda();
  private final Trace trace;
  private final Verdict verdict = new Verdict();
  private final Figures figures = new Figures();
  private final Crew crew;
  private final InMemoryJobStore store;
  private final JobStore shared;
  private final Network network;
  private final Ledger ledger;
  private final Recorder recorder;
  private final List<Node> nodes = new ArrayList<>();
  private final Nodes maker;
  private long strands;
  private boolean calm;

  World(long seed, Bug bug, Habitat habitat, Crew crew, int kept) {
    this.bug = bug;
    this.crew = crew;
    trace = new Trace(kept);
    chance = new Chance(seed);
    swarm = Swarm.draw(chance, habitat);
    store = InMemoryJobStore.of(agenda);
    shared = bug.inStore(store, this);
    network = new Network(chance, swarm, figures);
    ledger = new Ledger(verdict, agenda, store.records());
    recorder = new Recorder(agenda, verdict, ledger, store.records(), swarm, figures);
    maker = new Nodes(this);
  }

  Bug bug() {
    return bug;
  }

  Chance chance() {
    return chance;
  }

  Swarm swarm() {
    return swarm;
  }

  Agenda agenda() {
    return agenda;
  }

  Verdict verdict() {
    return verdict;
  }

  Figures figures() {
    return figures;
  }

  /** The true store, for those who look at it from outside. */
  InMemoryJobStore store() {
    return store;
  }

  /** The store that nodes are connected with. */
  JobStore shared() {
    return shared;
  }

  Network network() {
    return network;
  }

  Ledger ledger() {
    return ledger;
  }

  Recorder recorder() {
    return recorder;
  }

  List<Node> nodes() {
    return nodes;
  }

  Nodes maker() {
    return maker;
  }

  Trace trace() {
    return trace;
  }

  boolean isCalm() {
    return calm;
  }

  /** The faults are over. */
  void calmDown() {
    note(() -> "the faults are over");
    calm = true;
    network.calmDown();
  }

  void note(Supplier<String> line) {
    trace.add(agenda.nanos(), line.get());
  }

  /** Whether the next piece of work runs without a pause. */
  boolean atOneGo() {
    return calm || !chance.odds(swarm.strands());
  }

  Crew.Strand strand(Runnable work) {
    return crew.start(new Crew.Work(++strands, work));
  }

  /** Lets time pass for the strand that calls. */
  void pass(Node node, Duration time) throws InterruptedException {
    Crew.Strand strand = Crew.current();
    if (strand == null) {
      throw new IllegalStateException("time passes for strands alone");
    }
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    boolean[] over = new boolean[1];
    Runnable wake =
        () -> {
          if (!over[0]) {
            over[0] = true;
            strand.goOn();
          }
        };
    agenda.in(time, node, wake);
    strand.pause(() -> agenda.in(Duration.ZERO, -strand.number(), node, wake));
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  void restart(Node node) {
    if (!node.isFront()) {
      nodes.remove(node);
      maker.startAgain(node);
    }
  }

  /** A stop has returned. */
  void stopped(Node node, Duration took) {
    Duration most =
        swarm.drain().plus(swarm.interruptGrace().multipliedBy(2)).plus(Duration.ofSeconds(1));
    verdict.check(
        Rule.L6,
        took.compareTo(most) <= 0 || !node.wasAwakeFor(took),
        () -> node + " took " + took + " to stop, may take " + most);
  }

  /** Has things happen until {@code done}, at most for so long; false if time is over. */
  boolean until(Duration most, Supplier<Boolean> done) {
    long end = agenda.nanos() + most.toNanos();
    while (!done.get()) {
      if (!agenda.next(end)) {
        return done.get();
      }
      afterEvent();
      if (verdict.breach() != null) {
        return false;
      }
    }
    return true;
  }

  private void afterEvent() {
    ledger.checkTold();
    recorder.checkOpen(store.records());
  }

  /** Ends what is under way. */
  void close() {
    for (Node node : List.copyOf(nodes)) {
      node.cutOff();
    }
  }
}
