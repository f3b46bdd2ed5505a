package dev.jobs4j.core.memory;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.Operator;
import dev.jobs4j.spi.DeadLetterRecords;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.JobNotes;
import dev.jobs4j.spi.KeptStep;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.Report;
import dev.jobs4j.spi.TokenLease;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Steps kept wrongly, for others, or for too short or too long a time. */
final class NoteFaults {

  private NoteFaults() {}

  static List<Fault> all() {
    return List.of(
        keeping("STEPS_ARE_NOT_KEPT", step -> null),
        keeping("STEP_WITHOUT_VALUE_IS_NOT_KEPT", step -> step.value() == null ? null : step),
        value("STEP_VALUE_CUT_AT_64K", b -> Arrays.copyOf(b, Math.min(b.length, 1 << 16))),
        value("EMPTY_STEP_VALUE_IS_NULL", b -> b.length == 0 ? "null".getBytes(UTF_8) : b),
        named("STEP_NAMES_IGNORE_CASE", name -> name.toLowerCase(Locale.ROOT)),
        named("STEP_NAMES_ARE_STRIPPED", String::strip),
        named("STEP_NAMES_CUT_AT_100", name -> name.substring(0, Math.min(100, name.length()))),
        noting("STEPS_ARE_INVENTED", Inventing::new),
        noting("STEPS_OF_ALL_JOBS_ARE_ONE", store -> new Remembering(store, false)),
        noting("STEPS_STAY_FOR_EVER", store -> new Remembering(store, true)),
        noting("STEPS_OF_THIS_NODE_ALONE", OfThisNode::new),
        noting("LAST_STEP_VALUE_STAYS", LastStays::new),
        careless("STEP_OF_ANY_TOKEN", row -> row.state == JobState.RUNNING),
        careless("STEP_OF_A_PENDING_JOB", row -> row.state == JobState.PENDING),
        careless("STEP_OF_AN_ENDED_JOB", row -> row.state.isTerminal()),
        Fault.reaped("STEPS_GO_IN_A_CRASH", (store, row) -> row.forgetSteps()),
        Fault.settled(
            "STEPS_GO_AT_A_RETRY",
            (store, row, outcome) -> {
              if (outcome instanceof Outcome.Retry) {
                row.forgetSteps();
              }
            }),
        Fault.settled(
            "STEPS_GO_AT_A_DEATH",
            (store, row, outcome) -> {
              if (outcome instanceof Outcome.Dead) {
                row.forgetSteps();
              }
            }),
        Fault.settled(
            "STEPS_GO_AT_A_CANCEL",
            (store, row, outcome) -> {
              if (outcome instanceof Outcome.Cancelled) {
                row.forgetSteps();
              }
            }),
        LetterFaults.lettered("EDIT_LEAVES_STEPS", NoteFaults::editingAroundSteps),
        LetterFaults.lettered("EDIT_FORGETS_STEPS_OF_ALL", NoteFaults::forgettingAll),
        byStaleRead());
  }

  private static DeadLetterRecords editingAroundSteps(
      ForwardingStore store, DeadLetterRecords letters) {
    return new ForwardingLetters(letters) {
      @Override
      public boolean edit(JobId id, Payload payload, int typeVersion, Operator operator) {
        Optional<KeptStep> kept = store.store.notes().orElseThrow().step(id, "download");
        boolean edited = super.edit(id, payload, typeVersion, operator);
        kept.ifPresent(step -> store.touch(id, row -> row.keep(step)));
        return edited;
      }
    };
  }

  private static DeadLetterRecords forgettingAll(ForwardingStore store, DeadLetterRecords letters) {
    return new ForwardingLetters(letters) {
      @Override
      public boolean edit(JobId id, Payload payload, int typeVersion, Operator operator) {
        store.touchAll(Row::forgetSteps);
        return super.edit(id, payload, typeVersion, operator);
      }
    };
  }

  /** Notes with nothing changed; faulty ones override what they get wrong. */
  static class Forwarding implements JobNotes {
    final ForwardingStore store;
    final JobNotes notes;

    Forwarding(ForwardingStore store) {
      this.store = store;
      notes = store.store.notes().orElseThrow();
    }

    @Override
    public Optional<KeptStep> step(JobId job, String name) {
      return notes.step(job, name);
    }

    @Override
    public boolean keep(TokenLease lease, KeptStep step) {
      return notes.keep(lease, step);
    }

    @Override
    public Set<TokenLease> report(List<Report> reports, int keep, boolean patient) {
      return notes.report(reports, keep, patient);
    }
  }

  static Fault noting(String name, Function<ForwardingStore, JobNotes> made) {
    return new Fault(
        name,
        good ->
            new ForwardingStore(good) {
              private final JobNotes notes = made.apply(this);

              @Override
              public Optional<JobNotes> notes() {
                return Optional.of(notes);
              }
            });
  }

  /** Keeps other steps than it was given, or none for null. */
  private static Fault keeping(String name, Function<KeptStep, @Nullable KeptStep> change) {
    return noting(
        name,
        store ->
            new Forwarding(store) {
              @Override
              public boolean keep(TokenLease lease, KeptStep step) {
                KeptStep other = change.apply(step);
                return other == null || super.keep(lease, other);
              }
            });
  }

  private static Fault value(String name, UnaryOperator<byte[]> change) {
    return keeping(
        name,
        step -> {
          Payload value = step.value();
          return value == null
              ? step
              : new KeptStep(step.name(), new Payload(value.codec(), change.apply(value.bytes())));
        });
  }

  /** Takes names that differ for equal. */
  private static Fault named(String name, UnaryOperator<String> change) {
    return noting(
        name,
        store ->
            new Forwarding(store) {
              @Override
              public Optional<KeptStep> step(JobId job, String step) {
                return super.step(job, change.apply(step));
              }

              @Override
              public boolean keep(TokenLease lease, KeptStep step) {
                return super.keep(lease, new KeptStep(change.apply(step.name()), step.value()));
              }
            });
  }

  /** Keeps a step although the lease is not held. */
  private static Fault careless(String name, Predicate<Row> when) {
    return noting(
        name,
        store ->
            new Forwarding(store) {
              @Override
              public boolean keep(TokenLease lease, KeptStep step) {
                if (super.keep(lease, step)) {
                  return true;
                }
                Row row = store.row(lease.id());
                if (row == null || !when.test(row)) {
                  return false;
                }
                store.touch(lease.id(), r -> r.keep(step));
                return true;
              }
            });
  }

  private static final class Inventing extends Forwarding {
    Inventing(ForwardingStore store) {
      super(store);
    }

    @Override
    public Optional<KeptStep> step(JobId job, String name) {
      return super.step(job, name).or(() -> Optional.of(new KeptStep(name, null)));
    }
  }

  /** Finds steps that it kept before, of jobs that are gone or of others. */
  private static final class Remembering extends Forwarding {
    private final boolean byJob;
    private final Map<String, KeptStep> kept = new ConcurrentHashMap<>();

    Remembering(ForwardingStore store, boolean byJob) {
      super(store);
      this.byJob = byJob;
    }

    private String key(JobId job, String name) {
      return byJob ? job + name : name;
    }

    @Override
    public Optional<KeptStep> step(JobId job, String name) {
      return super.step(job, name).or(() -> Optional.ofNullable(kept.get(key(job, name))));
    }

    @Override
    public boolean keep(TokenLease lease, KeptStep step) {
      boolean held = super.keep(lease, step);
      if (held) {
        kept.putIfAbsent(key(lease.id(), step.name()), step);
      }
      return held;
    }
  }

  private static final class OfThisNode extends Forwarding {
    private final Map<JobId, Boolean> mine = new ConcurrentHashMap<>();

    OfThisNode(ForwardingStore store) {
      super(store);
    }

    @Override
    public Optional<KeptStep> step(JobId job, String name) {
      return super.step(job, name).filter(found -> mine.containsKey(job));
    }

    @Override
    public boolean keep(TokenLease lease, KeptStep step) {
      mine.put(lease.id(), true);
      return super.keep(lease, step);
    }
  }

  private static final class LastStays extends Forwarding {
    private final Map<String, KeptStep> last = new ConcurrentHashMap<>();

    LastStays(ForwardingStore store) {
      super(store);
    }

    @Override
    public Optional<KeptStep> step(JobId job, String name) {
      return super.step(job, name).map(found -> last.getOrDefault(name, found));
    }

    @Override
    public boolean keep(TokenLease lease, KeptStep step) {
      boolean held = super.keep(lease, step);
      if (held) {
        last.put(step.name(), step);
      }
      return held;
    }
  }

  /** Looks whether the lease is held, lets the job be taken back and writes then. */
  private static Fault byStaleRead() {
    Gate gate = new Gate();
    return new Fault("STEP_BY_STALE_READ", good -> new ByStaleRead(good, gate));
  }

  private static final class ByStaleRead extends Racing {
    ByStaleRead(InMemoryJobStore good, Gate gate) {
      super(good, gate);
    }

    @Override
    public void retire(EngineId engine) {
      gate.meet();
      super.retire(engine);
    }

    @Override
    public Optional<JobNotes> notes() {
      return Optional.of(
          new Forwarding(this) {
            @Override
            public Optional<KeptStep> step(JobId job, String name) {
              Optional<KeptStep> found = super.step(job, name);
              gate.meet();
              return found;
            }

            @Override
            public boolean keep(TokenLease lease, KeptStep step) {
              Row row = row(lease.id());
              if (row == null || row.state != JobState.RUNNING || row.token != lease.token()) {
                return false;
              }
              letOther();
              touch(lease.id(), r -> r.keep(step));
              return true;
            }
          });
    }
  }
}
