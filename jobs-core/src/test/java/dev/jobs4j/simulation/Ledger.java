package dev.jobs4j.simulation;

import dev.jobs4j.api.Fifo;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.LimitKey;
import dev.jobs4j.spi.JobRecords;
import dev.jobs4j.spi.NewJob;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The books of a run, kept outside of the engine: what every job must look like by what was seen to
 * take effect, compared with the rows of the store through its public side.
 */
final class Ledger {

  /** Starts the payload of a job that somebody has asked for, before the number of the request. */
  static final char ASKED = 'r';

  private final Verdict verdict;
  private final Agenda agenda;
  private final JobRecords rows;
  private final Map<JobId, Tracked> jobs = new LinkedHashMap<>();
  private final Map<JobId, Tracked> live = new LinkedHashMap<>();
  private final Map<String, JobId> byRequest = new HashMap<>();
  private final List<Handling> running = new ArrayList<>();
  private long starts;
  private long staleStarts;

  Ledger(Verdict verdict, Agenda agenda, JobRecords rows) {
    this.verdict = verdict;
    this.agenda = agenda;
    this.rows = rows;
  }

  Collection<Tracked> all() {
    return jobs.values();
  }

  Collection<Tracked> living() {
    return live.values();
  }

  @Nullable Tracked find(JobId id) {
    return jobs.get(id);
  }

  long starts() {
    return starts;
  }

  /** How many handlers started although their job was another's, for a cause. */
  long staleStarts() {
    return staleStarts;
  }

  /** A job has been stored. */
  void entered(NewJob job) {
    Tracked known = jobs.get(job.id());
    verdict.check(Rule.S1, known == null, () -> known + " was stored a second time");
    Tracked tracked = new Tracked(job, jobs.size(), agenda.instant(agenda.nanos()));
    jobs.put(job.id(), tracked);
    live.put(job.id(), tracked);
    String request = request(job);
    if (request != null) {
      JobId first = byRequest.putIfAbsent(request, job.id());
      verdict.check(
          Rule.S1,
          first == null || first.equals(job.id()),
          () -> "request " + request + " was stored as " + first + " and as " + job.id());
    }
    checkKey(tracked);
  }

  private static @Nullable String request(NewJob job) {
    String text = new String(job.payload().bytes(), StandardCharsets.UTF_8);
    return text.isEmpty() || text.charAt(0) != ASKED ? null : text;
  }

  private void checkKey(Tracked added) {
    String key = added.key();
    if (key != null) {
      long holders = live.values().stream().filter(job -> key.equals(job.key())).count();
      verdict.check(Rule.S12, holders == 1, () -> holders + " live jobs have the key " + key);
    }
  }

  /** A job has ended, or lives again. */
  void moved(Tracked job) {
    if (job.state.isTerminal()) {
      live.remove(job.id());
    } else if (live.put(job.id(), job) == null) {
      checkKey(job);
    }
  }

  /** A job is stored no more. */
  void gone(Tracked job) {
    jobs.remove(job.id());
    live.remove(job.id());
  }

  /** How many run that hold a permit of this key. */
  long running(LimitKey key) {
    return live.values().stream()
        .filter(job -> job.state == JobState.RUNNING && job.job.limits().contains(key))
        .count();
  }

  /** Who stands before a job in its line and should have gone first, or null. */
  @Nullable Tracked passed(Tracked job) {
    String line = job.line();
    if (line == null) {
      return null;
    }
    for (Tracked other : jobs.values()) {
      boolean before = other.entered < job.entered && other.lives == 1 && job.lives == 1;
      if (other != job && line.equals(other.line())) {
        if (other.state == JobState.RUNNING || (before && stands(other))) {
          return other;
        }
      }
    }
    return null;
  }

  private static boolean stands(Tracked job) {
    Fifo fifo = job.job.fifo();
    boolean blocks =
        job.state == JobState.DEAD && fifo != null && fifo.onDead() == Fifo.OnDead.BLOCK;
    return !job.state.isTerminal() || blocks;
  }

  /** Every row is what it must be; {@code cause} is what has just taken effect. */
  void compare(boolean ended, Rule rule, String cause) {
    for (Tracked job : ended ? List.copyOf(jobs.values()) : List.copyOf(live.values())) {
      compare(job, rule, cause);
    }
  }

  void compare(Tracked job, Rule rule, String cause) {
    Job row = rows.find(job.id()).orElse(null);
    verdict.check(Rule.S1, row != null, () -> job + " is gone after " + cause);
    if (row == null) {
      return;
    }
    if (takenAlong(job, row)) {
      job.left(JobState.CANCELLED, agenda.nanos());
      moved(job);
    }
    String difference = job.difference(row);
    Rule broken = difference == null ? rule : rule(job, row, rule);
    verdict.check(broken, difference == null, () -> job + " " + difference + " after " + cause);
    if (job.state.isTerminal()) {
      verdict.check(Rule.S4, job.endings <= 1, () -> job + " has ended " + job.endings + " times");
    }
  }

  /** Who waits for a job that was cancelled is cancelled with it. */
  private static boolean takenAlong(Tracked job, Job row) {
    return job.state == JobState.PENDING
        && row.state() == JobState.CANCELLED
        && !job.job.parents().isEmpty();
  }

  private static Rule rule(Tracked job, Job row, Rule cause) {
    if (job.state.isTerminal() && row.state() != job.state) {
      return Rule.S2;
    }
    if (row.state() != job.state) {
      return cause;
    }
    return row.token() == job.token ? Rule.S6 : Rule.S5;
  }

  // handlers

  /** A handler starts. */
  Handling started(Handling handler) {
    starts++;
    Tracked job = handler.job();
    verdict.check(
        Rule.S5, job.started.add(handler.token()), () -> "a second start: the " + handler);
    verdict.check(
        Rule.S14,
        handler.node().knows(job.job.type(), job.job.typeVersion()),
        () -> "not known there: the " + handler);
    verdict.check(
        Rule.S2,
        !handler.isStale() || handler.node().isExcused(job.overSince),
        () -> "its token was over when it started: the " + handler);
    if (handler.isStale()) {
      staleStarts++;
    } else {
      verdict.check(
          Rule.S8,
          !agenda.instant(agenda.nanos()).isBefore(job.notBefore),
          () -> "before " + job.notBefore + " started the " + handler);
    }
    running.add(handler);
    return handler;
  }

  void ended(Handling handler) {
    running.remove(handler);
  }

  List<Handling> running() {
    return running;
  }

  /** Whoever runs a job that is no longer his has been told, or was out of the world. */
  void checkTold() {
    for (int i = running.size() - 1; i >= 0; i--) {
      Handling handler = running.get(i);
      if (handler.node().isGone()) {
        running.remove(i);
      } else if (handler.isStale()) {
        verdict.check(
            Rule.S7,
            handler.isTold() || handler.node().isExcused(handler.job().overSince),
            () -> "was not told that its lease is lost: the " + handler);
      }
    }
  }
}
