package dev.jobs4j.core.memory;

import dev.jobs4j.api.Operator;
import dev.jobs4j.api.Pause;
import dev.jobs4j.api.Pause.Scope;
import dev.jobs4j.api.Pauses;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.PruneRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Wrong pauses. */
final class PauseFaults {

  private PauseFaults() {}

  static List<Fault> all() {
    List<Fault> all = new ArrayList<>();
    for (Scope scope : Scope.values()) {
      all.add(pausing("PAUSE_OF_" + scope + "_IGNORED", (store, good) -> ignoring(scope, good)));
      all.add(
          Fault.claimingNothing(
              "PAUSE_OF_A_" + scope + "_HOLDS_ALL",
              (store, request) ->
                  good(store).list().stream().anyMatch(p -> p.target().scope() == scope)));
    }
    all.addAll(
        List.of(
            pausing("RESUME_IGNORED", (store, good) -> new NoResume(good)),
            pausing("RESUME_ALWAYS_TRUE", (store, good) -> new Resumed(good)),
            pausing("PAUSE_WITHOUT_END", (store, good) -> new ForEver(good)),
            new Fault("PAUSE_HOLDS_FROM_THE_THIRD_CLAIM_ON", Late::new),
            pausing("PAUSES_LISTED_BACKWARDS", (store, good) -> new Backwards(good)),
            pausing("PAUSED_ANEW_EACH_TIME", (store, good) -> new Anew(good)),
            pausing("SINCE_OUTLIVES_ITS_PAUSE", (store, good) -> new FirstSince(good)),
            Fault.settling(
                "PAUSE_STOPS_WHAT_RUNS",
                (store, settlements) -> good(store).list().isEmpty() ? settlements : List.of()),
            new Fault("PAUSES_ARE_NOT_PRUNED", NotPruning::new),
            new Fault("PAUSE_TURNS_THE_ORDER", Turning::new)));
    return all;
  }

  private static Pauses good(ForwardingStore store) {
    return store.store.pauses().orElseThrow();
  }

  private static Fault pausing(String name, BiFunction<ForwardingStore, Pauses, Pauses> change) {
    return new Fault(
        name,
        good ->
            new ForwardingStore(good) {
              private final Pauses pauses = change.apply(this, good(this));

              @Override
              public Optional<Pauses> pauses() {
                return Optional.of(pauses);
              }
            });
  }

  private static Pauses ignoring(Scope scope, Pauses good) {
    return new Forwarding(good) {
      @Override
      public void pause(Pause.Target target, Operator by, @Nullable Instant until) {
        if (target.scope() != scope) {
          super.pause(target, by, until);
        }
      }
    };
  }

  private static class Forwarding implements Pauses {
    private final Pauses good;

    Forwarding(Pauses good) {
      this.good = good;
    }

    @Override
    public void pause(Pause.Target target, Operator by, @Nullable Instant until) {
      good.pause(target, by, until);
    }

    @Override
    public boolean resume(Pause.Target target) {
      return good.resume(target);
    }

    @Override
    public List<Pause> list() {
      return good.list();
    }
  }

  private static final class NoResume extends Forwarding {
    NoResume(Pauses good) {
      super(good);
    }

    @Override
    public boolean resume(Pause.Target target) {
      return list().stream().anyMatch(pause -> pause.target().equals(target));
    }
  }

  private static final class Resumed extends Forwarding {
    Resumed(Pauses good) {
      super(good);
    }

    @Override
    public boolean resume(Pause.Target target) {
      return super.resume(target) || true;
    }
  }

  private static final class ForEver extends Forwarding {
    ForEver(Pauses good) {
      super(good);
    }

    @Override
    public void pause(Pause.Target target, Operator by, @Nullable Instant until) {
      super.pause(target, by, null);
    }
  }

  private static final class Backwards extends Forwarding {
    Backwards(Pauses good) {
      super(good);
    }

    @Override
    public List<Pause> list() {
      List<Pause> list = new ArrayList<>(super.list());
      Collections.reverse(list);
      return list;
    }
  }

  private static final class Anew extends Forwarding {
    Anew(Pauses good) {
      super(good);
    }

    @Override
    public void pause(Pause.Target target, Operator by, @Nullable Instant until) {
      resume(target);
      super.pause(target, by, until);
    }
  }

  private static final class FirstSince extends Forwarding {
    private final Map<Pause.Target, Instant> since = new HashMap<>();

    FirstSince(Pauses good) {
      super(good);
    }

    @Override
    public void pause(Pause.Target target, Operator by, @Nullable Instant until) {
      super.pause(target, by, until);
      super.list().forEach(pause -> since.putIfAbsent(pause.target(), pause.since()));
    }

    @Override
    public List<Pause> list() {
      return super.list().stream()
          .map(
              p ->
                  new Pause(p.target(), p.by(), since.getOrDefault(p.target(), p.since()), p.end()))
          .toList();
    }
  }

  /** As if it read the pauses once in a while. */
  private static final class Late extends ForwardingStore {
    private int claims;

    Late(InMemoryJobStore good) {
      super(good);
    }

    @Override
    public List<LeasedJob> claim(ClaimRequest request) {
      List<Pause> paused = good(this).list();
      if (++claims % 3 == 0) {
        return super.claim(request);
      }
      paused.forEach(pause -> good(this).resume(pause.target()));
      List<LeasedJob> jobs = super.claim(request);
      paused.forEach(pause -> good(this).pause(pause.target(), pause.by(), pause.end()));
      return jobs;
    }
  }

  private static final class NotPruning extends ForwardingStore {
    NotPruning(InMemoryJobStore good) {
      super(good);
    }

    @Override
    public int prune(PruneRequest request) {
      List<Pause> before = good(this).list();
      int pruned = super.prune(request);
      return before.isEmpty() ? pruned : 0;
    }
  }

  private static final class Turning extends ForwardingStore {
    private boolean paused;

    Turning(InMemoryJobStore good) {
      super(good);
    }

    @Override
    public List<LeasedJob> claim(ClaimRequest request) {
      paused |= !good(this).list().isEmpty();
      List<LeasedJob> jobs = new ArrayList<>(super.claim(request));
      if (paused) {
        Collections.reverse(jobs);
      }
      return jobs;
    }
  }
}
