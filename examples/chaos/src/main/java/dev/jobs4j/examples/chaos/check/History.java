package dev.jobs4j.examples.chaos.check;

import dev.jobs4j.examples.chaos.ledger.Entry;
import dev.jobs4j.examples.chaos.ledger.What;
import dev.jobs4j.examples.chaos.nemesis.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** What happened in a run, put together from all ledgers and the database. */
public final class History {

  /** How long after it is over a fault may still show: a timeout has to pass, a thread to wake. */
  private static final long AFTERMATH = Duration.ofSeconds(2).toNanos();

  private final Map<String, Story> stories = new LinkedHashMap<>();
  private final List<Outage> outages = new ArrayList<>();

  /**
   * Puts it together.
   *
   * @param entries of all ledgers, by time
   * @param rows of all jobs that the database has
   * @param effects what guarded jobs have left
   */
  public History(List<Entry> entries, List<Row> rows, List<Effect> effects) {
    Map<Long, Entry> open = new HashMap<>();
    for (Entry entry : entries) {
      if (entry.what() == What.FAULT && entry.job().equals(Fault.CUT.name())) {
        add(entry, entry.nano());
      } else if (entry.what() == What.FAULT) {
        open.put(entry.token(), entry);
      } else if (entry.what() == What.HEALED) {
        Entry begun = Objects.requireNonNull(open.remove(entry.token()), "healed and not begun");
        add(begun, entry.nano());
      } else {
        story(entry.job()).add(entry);
      }
    }
    open.values().forEach(entry -> add(entry, Long.MAX_VALUE));
    rows.forEach(row -> story(row.name()).rows.add(row));
    effects.forEach(effect -> story(effect.name()).effects.add(effect));
  }

  private void add(Entry fault, long to) {
    outages.add(new Outage(Fault.valueOf(fault.job()), fault.detail(), fault.nano(), to));
  }

  private Story story(String name) {
    return stories.computeIfAbsent(name, Story::new);
  }

  Collection<Story> stories() {
    return stories.values();
  }

  Optional<Story> find(String name) {
    return Optional.ofNullable(stories.get(name));
  }

  List<Outage> outages() {
    return outages;
  }

  /** How many faults of this kind there were. */
  public long count(Fault kind) {
    return outages.stream().filter(o -> o.fault() == kind).count();
  }

  /** How many times a process was cut off, or left with half a connection. */
  public long partitions() {
    return outages.stream().filter(o -> o.fault().isPartition()).count();
  }

  /** The faults because of which this process may have lost its lease in this time. */
  Stream<Outage> lostLease(String process, long from, long to) {
    return outages.stream()
        .filter(o -> o.hits(process) && o.overlaps(from - AFTERMATH, to))
        .filter(o -> o.fault().mayCostLease() || isLeftWithoutConnection(process, o));
  }

  /** The lease has a connection of its own; if that breaks, another is needed from the pool. */
  private boolean isLeftWithoutConnection(String process, Outage held) {
    return held.fault() == Fault.POOL
        && outages.stream()
            .filter(o -> o.fault().breaksConnections() && o.hits(process))
            .anyMatch(o -> o.overlaps(held.from() - AFTERMATH, held.to()));
  }

  /** Whether it just went on after it had stood still: what it does then it was about to do. */
  boolean hasJustThawed(String process, long at) {
    return outages.stream()
        .anyMatch(
            o -> o.fault() == Fault.FREEZE && o.hits(process) && o.overlaps(at - AFTERMATH, at));
  }

  /** Whether a life ended during the run, so that it may not have heard its last answers. */
  boolean wasEnded(String process) {
    return outages.stream()
        .filter(o -> o.fault() == Fault.KILL || o.fault() == Fault.TERMINATE)
        .anyMatch(o -> o.target().equals(process));
  }

  /** The violent end of a life. */
  Optional<Outage> kill(String process) {
    return outages.stream()
        .filter(o -> o.fault() == Fault.KILL && o.target().equals(process))
        .findFirst();
  }
}
