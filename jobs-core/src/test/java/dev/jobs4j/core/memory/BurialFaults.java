package dev.jobs4j.core.memory;

import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.JobRecords;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.LetterRule;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.ReapRequest;
import dev.jobs4j.spi.Reaped;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.TokenLease;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Dead letters that are followed wrongly, too often or not at all. */
final class BurialFaults {

  private BurialFaults() {}

  static List<Fault> all() {
    return List.of(
        only("NO_REJECTION_IS_FOLLOWED", letter -> letter.reason() != DeadReason.REJECTED),
        only("NO_LAST_ATTEMPT_IS_FOLLOWED", letter -> letter.reason() != DeadReason.EXHAUSTED),
        only("NO_CRASH_LOOP_IS_FOLLOWED", letter -> letter.reason() != DeadReason.CRASH_LOOP),
        only("NO_EXPIRY_IS_FOLLOWED", letter -> letter.reason() != DeadReason.EXPIRED),
        only("NO_UNREADABLE_JOB_IS_FOLLOWED", letter -> letter.reason() != DeadReason.DECODE),
        only("NO_JOB_WITH_A_TENANT_IS_FOLLOWED", letter -> letter.onBehalfOf() == null),
        telling("LETTER_IS_TOLD_WITHOUT_PAYLOAD", l -> changed(l, new byte[0], l.failure())),
        telling(
            "LETTER_IS_TOLD_WITHOUT_FAILURE",
            l -> changed(l, l.payload(), new Failure("", "", ""))),
        ruling("ALL_DEATHS_HAVE_ONE_TOKEN", rule -> (letter, token) -> rule.follow(letter, 1)),
        ruling("ONE_DEATH_OF_A_JOB_IS_FOLLOWED", BurialFaults::once),
        ruling("REPEATED_DEATHS_ARE_FOLLOWED_ANEW", BurialFaults::anew),
        doing("RETRIES_ARE_FOLLOWED", Outcome.Retry.class, false),
        doing("SUCCESSES_ARE_FOLLOWED", Outcome.Succeeded.class, false),
        doing("CANCELLATIONS_ARE_FOLLOWED", Outcome.Cancelled.class, false),
        doing("LOST_LEASES_ARE_FOLLOWED", Outcome.Dead.class, true),
        new Fault("CRASHES_ARE_FOLLOWED", CrashesFollowed::new),
        ruling("FOLLOWER_THAT_CANNOT_BE_STORED_IS_THROWN", BurialFaults::throwing),
        sharing(),
        new Fault("FOLLOWERS_ARE_SEEN_BY_THIS_NODE_ALONE", Hiding::new));
  }

  private static Fault ruling(String name, UnaryOperator<LetterRule> change) {
    return new Fault(
        name,
        good ->
            new ForwardingStore(good) {
              @Override
              public JobStore following(LetterRule rule) {
                return super.following(change.apply(rule));
              }
            });
  }

  private static Fault only(String name, Predicate<DeadLetter> which) {
    return ruling(
        name,
        rule -> (letter, token) -> which.test(letter) ? rule.follow(letter, token) : List.of());
  }

  private static Fault telling(String name, Function<DeadLetter, DeadLetter> change) {
    return ruling(name, rule -> (letter, token) -> rule.follow(change.apply(letter), token));
  }

  private static DeadLetter changed(DeadLetter l, byte[] payload, Failure failure) {
    return new DeadLetter(
        l.id(),
        l.type(),
        l.queue(),
        l.reason(),
        failure,
        l.attempt(),
        payload,
        l.codec(),
        l.diedAt(),
        l.source(),
        l.typeVersion(),
        l.onBehalfOf(),
        l.tags(),
        l.fingerprint());
  }

  private static LetterRule once(LetterRule rule) {
    Set<JobId> done = ConcurrentHashMap.newKeySet();
    return (letter, token) -> done.add(letter.id()) ? rule.follow(letter, token) : List.of();
  }

  /** Gives each follower an id that nobody can find again. */
  private static LetterRule anew(LetterRule rule) {
    return (letter, token) ->
        rule.follow(letter, token).stream()
            .map(job -> Fault.changed(job, d -> d.id = new JobId(UUID.randomUUID())))
            .toList();
  }

  private static LetterRule throwing(LetterRule rule) {
    return (letter, token) -> {
      List<NewJob> jobs = rule.follow(letter, token);
      if (jobs.stream().anyMatch(job -> job.tenant() != null && job.tenant().length() > 120)) {
        throw new InvalidJobException("tenant is too long");
      }
      return jobs;
    };
  }

  /** Follows settlements of another kind, or those it has refused. */
  private static Fault doing(String name, Class<? extends Outcome> kind, boolean refused) {
    return new Fault(
        name,
        good ->
            new Ruled(good) {
              @Override
              public Set<TokenLease> settle(List<Settlement> settlements) {
                Set<TokenLease> lost = super.settle(settlements);
                for (Settlement s : settlements) {
                  if (kind.isInstance(s.outcome()) && lost.contains(lease(s)) == refused) {
                    follow(lease(s).id());
                  }
                }
                return lost;
              }
            });
  }

  /** Knows its rule, to ask it when it should not. */
  private static class Ruled extends ForwardingStore {
    private final AtomicReference<LetterRule> told = new AtomicReference<>(LetterRule.NONE);

    Ruled(InMemoryJobStore good) {
      super(good);
    }

    @Override
    public JobStore following(LetterRule rule) {
      told.set(rule);
      return super.following(rule);
    }

    void follow(JobId id) {
      Row row = row(id);
      if (row == null || row.state == JobState.DEAD) {
        return;
      }
      DeadLetter letter =
          new DeadLetter(
              id,
              row.job.type(),
              row.job.queue(),
              DeadReason.REJECTED,
              new Failure("", "", ""),
              row.attempt,
              row.job.payload().bytes(),
              row.job.payload().codec(),
              Micros.instant(store.now()),
              null);
      store.insert(told.get().follow(letter, -1));
    }
  }

  private static final class CrashesFollowed extends Ruled {
    CrashesFollowed(InMemoryJobStore good) {
      super(good);
    }

    @Override
    public Reaped reap(ReapRequest request) {
      Reaped reaped = super.reap(request);
      reaped.returned().forEach(this::follow);
      return reaped;
    }
  }

  /** A rule that one node is told binds all. */
  private static Fault sharing() {
    return new Fault(
        "RULES_BIND_EVERY_NODE",
        good ->
            new ForwardingStore(good) {
              @Override
              public JobStore following(LetterRule rule) {
                store = store.following(rule);
                return this;
              }
            });
  }

  /** Another handle does not find what this one has stored with a letter. */
  private static final class Hiding extends ForwardingStore {
    private static final ThreadLocal<Set<JobId>> HIDDEN = ThreadLocal.withInitial(HashSet::new);
    private final Set<JobId> mine = ConcurrentHashMap.newKeySet();

    Hiding(InMemoryJobStore good) {
      super(good);
    }

    @Override
    public JobStore following(LetterRule rule) {
      return super.following(
          (letter, token) -> {
            List<NewJob> jobs = rule.follow(letter, token);
            jobs.forEach(job -> mine.add(job.id()));
            jobs.forEach(job -> HIDDEN.get().add(job.id()));
            return jobs;
          });
    }

    @Override
    public JobRecords records() {
      return new ForwardingRecords(store.records()) {
        @Override
        public Optional<Job> find(JobId id) {
          return super.find(id).filter(job -> mine.contains(id) || !HIDDEN.get().contains(id));
        }
      };
    }
  }
}
