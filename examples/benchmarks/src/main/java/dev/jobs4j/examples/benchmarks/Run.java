package dev.jobs4j.examples.benchmarks;

import dev.jobs4j.examples.benchmarks.contestant.Contestant;
import dev.jobs4j.examples.benchmarks.contestant.Roster;
import dev.jobs4j.examples.benchmarks.database.Area;
import dev.jobs4j.examples.benchmarks.database.Database;
import dev.jobs4j.examples.benchmarks.report.Journal;
import dev.jobs4j.examples.benchmarks.report.Results;
import dev.jobs4j.examples.benchmarks.report.Table;
import dev.jobs4j.examples.benchmarks.scenario.Bout;
import dev.jobs4j.examples.benchmarks.scenario.Entrant;
import dev.jobs4j.examples.benchmarks.scenario.Scenario;
import java.io.PrintStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets the entrants of a scenario take turns, and keeps what they reach. */
final class Run {

  private static final Logger log = LoggerFactory.getLogger(Run.class);

  private final Options options;
  private final Database database;
  private final Journal journal;
  private final PrintStream out;
  private final Roster roster = new Roster();
  private final Results results = new Results();
  private int failures;
  private int areas;

  Run(Options options, Database database, Journal journal, PrintStream out) {
    this.options = options;
    this.database = database;
    this.journal = journal;
    this.out = out;
  }

  Results results() {
    return results;
  }

  /** How many entrants could not be measured. */
  int failures() {
    return failures;
  }

  void play(Scenario scenario) throws Exception {
    out.printf("%n== %s: %s%n", scenario.name(), scenario.about());
    long started = System.nanoTime();
    List<Place> places = new ArrayList<>();
    try {
      for (Entrant entrant : scenario.entrants()) {
        if (options.wantsSystem(entrant.system())
            && roster.has(entrant.system(), options.product())) {
          open(scenario, entrant, places);
        }
      }
      for (int round = 1 - options.warmUps(); round <= options.rounds(); round++) {
        playRound(scenario, round, places);
      }
    } finally {
      for (Place place : places) {
        place.close();
      }
    }
    Table table = new Table(results, scenario.name(), scenario.figures());
    scenario.entrants().forEach(entrant -> table.row(entrant.label(), entrant.against()));
    table.print(out);
    out.printf("   (%.0f s)%n", (System.nanoTime() - started) / 1e9);
  }

  private void open(Scenario scenario, Entrant entrant, List<Place> places) throws Exception {
    Area area = database.open("bench_" + ++areas);
    Place place;
    try {
      place = new Place(entrant, area, roster.enter(entrant.system(), area));
    } catch (Exception e) {
      area.close();
      failed(scenario, entrant, 0, e);
      return;
    }
    places.add(place);
    try {
      place.contestant.tune(place.contestant.jobs(options.size().jobs()));
      entrant.before().set(place.bout(true));
    } catch (Exception e) {
      place.failed = true;
      failed(scenario, entrant, 0, e);
      return;
    }
    out.printf("   %s: %s%n", entrant.label(), place.contestant.about());
    Map<String, Object> line = line(scenario, entrant, "entrant");
    line.put("settings", place.contestant.about());
    journal.line(line);
  }

  /** Every other round goes backwards, so that nobody is always measured after the same one. */
  private void playRound(Scenario scenario, int round, List<Place> places) throws Exception {
    List<Place> order = new ArrayList<>(places);
    if (round % 2 != 0) {
      Collections.reverse(order);
    }
    database.countStatements(round == 0);
    for (Place place : order) {
      if (!place.failed) {
        try {
          keep(scenario, place, round, place.entrant.probe().measure(place.bout(round <= 0)));
        } catch (Exception e) {
          place.failed = true;
          failed(scenario, place.entrant, round, e);
        }
      }
    }
  }

  /** Counting statements costs something, so they are those of the last warm-up. */
  private void keep(Scenario scenario, Place place, int round, Map<String, Double> measured) {
    Map<String, Double> figures = new LinkedHashMap<>(measured);
    if (round <= 0) {
      measured.forEach(
          (name, value) -> {
            if (name.equals("statements/job")) {
              place.statements.put(name, value);
            }
          });
    } else {
      figures.putAll(place.statements);
      results.add(scenario.name(), place.entrant.label(), figures);
    }
    Map<String, Object> line =
        line(scenario, place.entrant, round <= 0 ? "warm-up" : "round " + round);
    line.put("figures", figures);
    journal.line(line);
  }

  private void failed(Scenario scenario, Entrant entrant, int round, Exception e) {
    failures++;
    log.error("{} of {} failed in round {}", entrant.label(), scenario.name(), round, e);
    Map<String, Object> line = line(scenario, entrant, "failure");
    line.put("round", round);
    line.put("error", e.toString());
    journal.line(line);
  }

  private static Map<String, Object> line(Scenario scenario, Entrant entrant, String kind) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("kind", kind);
    line.put("scenario", scenario.name());
    line.put("entrant", entrant.label());
    line.put("system", entrant.system());
    return line;
  }

  /** Where an entrant keeps its things during a scenario. */
  private final class Place implements AutoCloseable {
    private final Entrant entrant;
    private final Area area;
    private final Map<String, Double> statements = new LinkedHashMap<>();
    private final Deque<AutoCloseable> kept = new ArrayDeque<>();
    private final Contestant contestant;
    private boolean failed;

    Place(Entrant entrant, Area area, Contestant contestant) {
      this.entrant = entrant;
      this.area = area;
      this.contestant = contestant;
    }

    Bout bout(boolean warmUp) {
      return new Bout(contestant, area, database, options.size(), kept, warmUp);
    }

    @Override
    public void close() throws Exception {
      try (Area last = area) {
        while (!kept.isEmpty()) {
          kept.pop().close();
        }
        contestant.close();
      }
    }
  }
}
