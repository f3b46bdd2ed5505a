package dev.jobs4j.core.memory;

import static dev.jobs4j.core.memory.Fault.settling;

import dev.jobs4j.api.Due;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.TokenLease;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** Wrong followers of a success. */
final class FollowUpFaults {

  private FollowUpFaults() {}

  static List<Fault> all() {
    return List.of(
        following("FOLLOWERS_DROPPED", jobs -> List.of()),
        following(
            "FOLLOWERS_NOT_DELAYED",
            jobs -> jobs.stream().map(job -> Fault.changed(job, d -> d.due = Due.now())).toList()),
        following("FIRST_FOLLOWER_ALONE", jobs -> jobs.stream().limit(1).toList()),
        new Fault("FOLLOWERS_WHATEVER_BECOMES_OF_IT", FollowUpFaults::followingAnyway),
        new Fault("FOLLOWERS_BEFORE_THE_END", FollowUpFaults::followingTooSoon),
        new Fault("REFUSED_FOLLOWER_KEEPS_ITS_JOB", FollowUpFaults::keeping),
        new Fault("TAKEN_KEY_REFUSES_THE_SUCCESS", FollowUpFaults::refusing),
        settling("FOLLOWERS_OF_THE_FIRST_ALONE", FollowUpFaults::firstOnly));
  }

  private interface Change {
    List<NewJob> of(List<NewJob> follow);
  }

  private static Fault following(String name, Change change) {
    return settling(
        name,
        (store, settlements) ->
            settlements.stream().map(s -> new Settlement(s.lease(), changed(s, change))).toList());
  }

  private static Outcome changed(Settlement settlement, Change change) {
    return settlement.outcome() instanceof Outcome.Succeeded done
        ? new Outcome.Succeeded(done.result(), change.of(done.follow()))
        : settlement.outcome();
  }

  private static List<Settlement> firstOnly(ForwardingStore store, List<Settlement> settlements) {
    List<Settlement> changed = new ArrayList<>();
    for (Settlement s : settlements) {
      changed.add(
          changed.isEmpty() ? s : new Settlement(s.lease(), changed(s, follow -> List.of())));
    }
    return changed;
  }

  private static ForwardingStore followingAnyway(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public Set<TokenLease> settle(List<Settlement> settlements) {
        Set<TokenLease> lost = super.settle(settlements);
        for (Settlement s : settlements) {
          if (lost.contains(lease(s)) && s.outcome() instanceof Outcome.Succeeded done) {
            store.insert(
                done.follow().stream()
                    .map(
                        job ->
                            row(job.id()) == null
                                ? job
                                : Fault.changed(job, d -> d.id = new JobId(UUID.randomUUID())))
                    .toList());
          }
        }
        return lost;
      }
    };
  }

  private static ForwardingStore followingTooSoon(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public Set<TokenLease> settle(List<Settlement> settlements) {
        for (Settlement s : settlements) {
          if (s.outcome() instanceof Outcome.Succeeded done) {
            store.insert(done.follow());
          }
        }
        return super.settle(settlements);
      }
    };
  }

  private static ForwardingStore refusing(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public Set<TokenLease> settle(List<Settlement> settlements) {
        for (Settlement s : settlements) {
          if (s.outcome() instanceof Outcome.Succeeded done
              && done.follow().stream()
                  .anyMatch(
                      job ->
                          job.uniqueKey() != null
                              && store.locked(
                                  () ->
                                      store.tables().keys.holder(job.uniqueKey(), store.now())
                                          != null))) {
            throw new InvalidJobException("key is taken");
          }
        }
        return super.settle(settlements);
      }
    };
  }

  private static ForwardingStore keeping(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public Set<TokenLease> settle(List<Settlement> settlements) {
        for (Settlement s : settlements) {
          if (s.outcome() instanceof Outcome.Succeeded done
              && done.follow().stream()
                  .anyMatch(job -> job.tenant() != null && job.tenant().length() > 120)) {
            throw new InvalidJobException("tenant is too long");
          }
        }
        return super.settle(settlements);
      }
    };
  }
}
