package dev.jobs4j.core.memory;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.EngineInfo;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.Mailbox;
import dev.jobs4j.spi.ReapRequest;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.TokenLease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Wrong leases of engines, wrong mailboxes, wrong farewells. */
final class EngineFaults {

  private EngineFaults() {}

  static List<Fault> all() {
    List<Fault> all = new ArrayList<>(leases());
    all.addAll(mailboxes());
    all.addAll(farewells());
    return all;
  }

  private static @Nullable EngineRow engine(ForwardingStore store, EngineId id) {
    return store.store.locked(() -> store.store.tables().engines.get(id));
  }

  private static List<Fault> leases() {
    return List.of(
        new Fault("UNKNOWN_ENGINE_CLAIMS", good -> registeringAtClaim(good)),
        new Fault("UNKNOWN_ENGINE_RENEWS", good -> registeringAtRenewal(good)),
        new Fault("RENEW_REVIVES_FENCED", good -> reviving(good)),
        new Fault("CLAIM_FOR_FENCED_ENGINE", good -> claimingFenced(good)),
        new Fault("RENEWAL_DOES_NOT_EXTEND", good -> notExtending(good)),
        Fault.reapingBy(
            "GRACE_IGNORED", r -> new ReapRequest(Duration.ZERO, r.limit(), r.maxCrashes())),
        registering("LEASE_HALVED", lease -> lease.dividedBy(2)),
        registering("LEASE_DOUBLED", lease -> lease.multipliedBy(2)),
        registering("ONE_LEASE_FOR_ALL", lease -> Duration.ofMinutes(10)),
        new Fault("RENEWAL_REFUSED_WHEN_EXPIRED", good -> refusingExpired(good)),
        refusingSettlement("SETTLEMENT_REFUSED_WHEN_EXPIRED", EngineFaults::isExpired),
        refusingSettlement("SETTLEMENT_REFUSED_WHEN_FENCED", (store, e) -> !e.live),
        new Fault("ENGINE_ID_USED_AGAIN", good -> registeringAgain(good)),
        new Fault("CLOSE_CLOSES_ALL", good -> closingAll(good)));
  }

  private static void register(ForwardingStore store, EngineId id) {
    if (engine(store, id) == null) {
      store.store.register(
          new EngineInfo(id, "new", "0", Duration.ofMinutes(10), Map.of(), Map.of()));
    }
  }

  private static JobStore registeringAtClaim(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public List<LeasedJob> claim(ClaimRequest request) {
        EngineFaults.register(this, request.engine());
        return super.claim(request);
      }
    };
  }

  private static JobStore registeringAtRenewal(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public Optional<Mailbox> renew(EngineId engine) {
        EngineFaults.register(this, engine);
        return super.renew(engine);
      }
    };
  }

  private static JobStore reviving(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public Optional<Mailbox> renew(EngineId id) {
        EngineRow engine = engine(this, id);
        if (engine != null) {
          engine.live = true;
        }
        return super.renew(id);
      }
    };
  }

  private static JobStore claimingFenced(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public List<LeasedJob> claim(ClaimRequest request) {
        EngineRow engine = engine(this, request.engine());
        if (engine == null) {
          return super.claim(request);
        }
        boolean before = engine.live;
        engine.live = true;
        List<LeasedJob> jobs = super.claim(request);
        engine.live = before;
        return jobs;
      }
    };
  }

  private static JobStore notExtending(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public Optional<Mailbox> renew(EngineId id) {
        EngineRow engine = engine(this, id);
        long before = engine == null ? 0 : engine.expiresAt;
        Optional<Mailbox> mail = super.renew(id);
        if (engine != null) {
          engine.expiresAt = before;
        }
        return mail;
      }
    };
  }

  private static Fault registering(String name, UnaryOperator<Duration> change) {
    return new Fault(
        name,
        good ->
            new ForwardingStore(good) {
              @Override
              public void register(EngineInfo e) {
                super.register(
                    new EngineInfo(
                        e.id(),
                        e.name(),
                        e.version(),
                        change.apply(e.lease()),
                        e.queues(),
                        e.types()));
              }
            });
  }

  private static boolean isExpired(ForwardingStore store, EngineRow engine) {
    return engine.expiresAt < store.store.now();
  }

  private static JobStore refusingExpired(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public Optional<Mailbox> renew(EngineId id) {
        EngineRow engine = engine(this, id);
        return engine != null && isExpired(this, engine) ? Optional.empty() : super.renew(id);
      }
    };
  }

  private static Fault refusingSettlement(
      String name, BiPredicate<ForwardingStore, EngineRow> when) {
    return new Fault(
        name,
        good ->
            new ForwardingStore(good) {
              @Override
              public Set<TokenLease> settle(List<Settlement> settlements) {
                Set<TokenLease> refused = new HashSet<>();
                List<Settlement> rest = new ArrayList<>();
                for (Settlement s : settlements) {
                  Row row = row(lease(s).id());
                  EngineRow engine = row == null ? null : row.engine;
                  if (engine != null && when.test(this, engine)) {
                    refused.add(lease(s));
                  } else {
                    rest.add(s);
                  }
                }
                refused.addAll(super.settle(rest));
                return refused;
              }
            });
  }

  private static JobStore registeringAgain(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public void register(EngineInfo info) {
        try {
          super.register(info);
        } catch (InvalidJobException e) {
          EngineRow engine = engine(this, info.id());
          if (engine != null) {
            engine.live = true;
          }
        }
      }
    };
  }

  private static final Map<InMemoryJobStore, Boolean> CLOSED = new ConcurrentHashMap<>();

  private static JobStore closingAll(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public List<LeasedJob> claim(ClaimRequest request) {
        if (CLOSED.containsKey(store)) {
          throw new StoreException(
              "pool is closed", StoreException.Certainty.NOT_DONE, new IllegalStateException());
        }
        return super.claim(request);
      }

      @Override
      public void close() {
        CLOSED.put(store, true);
      }
    };
  }

  private static List<Fault> mailboxes() {
    return List.of(
        mail("MAILBOX_EMPTY", (store, mail) -> List.of()),
        new Fault("MAILBOX_TOLD_ONCE", good -> tellingOnce(good)),
        mail("MAILBOX_OF_ALL_ENGINES", (store, mail) -> asked(store)),
        new Fault("MAILBOX_KEEPS_WHAT_ENDED", good -> keepingMail(good)));
  }

  private interface Mailing {
    List<TokenLease> of(ForwardingStore store, List<TokenLease> mail);
  }

  private static Fault mail(String name, Mailing change) {
    return new Fault(
        name,
        good ->
            new ForwardingStore(good) {
              @Override
              public Optional<Mailbox> renew(EngineId engine) {
                return super.renew(engine)
                    .map(box -> new Mailbox(change.of(this, box.cancelRequested())));
              }
            });
  }

  private static List<TokenLease> asked(ForwardingStore store) {
    return store.rows(JobState.RUNNING).stream()
        .filter(row -> row.cancelRequested)
        .map(Row::lease)
        .toList();
  }

  private static JobStore tellingOnce(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      private final Set<TokenLease> told = ConcurrentHashMap.newKeySet();

      @Override
      public Optional<Mailbox> renew(EngineId engine) {
        return super.renew(engine)
            .map(box -> new Mailbox(box.cancelRequested().stream().filter(told::add).toList()));
      }
    };
  }

  private static JobStore keepingMail(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      private final Set<TokenLease> told = ConcurrentHashMap.newKeySet();

      @Override
      public Optional<Mailbox> renew(EngineId engine) {
        return super.renew(engine)
            .map(
                box -> {
                  told.addAll(box.cancelRequested());
                  return new Mailbox(List.copyOf(told));
                });
      }
    };
  }

  private static List<Fault> farewells() {
    return List.of(
        retired("RETIRE_COUNTS_ATTEMPT", (store, row) -> row.attempt++),
        retired("RETIRE_MAKES_SUSPECTS", (store, row) -> row.suspect = true),
        retired("RETIRE_CLEARS_SUSPECTS", (store, row) -> row.suspect = false),
        retired("RETIRE_COUNTS_CRASH", (store, row) -> row.crashes++),
        retired("RETIRE_KEEPS_TOKEN", (store, row) -> row.token--),
        new Fault("RETIRE_DOES_NOT_FENCE", good -> notFencing(good)),
        new Fault("RETIRE_DOES_NOTHING", good -> staying(good)),
        new Fault("RETIRE_TAKES_ALL_ALONG", good -> takingAllAlong(good)),
        new Fault("RETIRE_TOUCHES_WHAT_DOES_NOT_RUN", good -> touchingAll(good)),
        new Fault("RETIRE_FORGETS_CANCEL", good -> forgettingCancel(good)),
        new Fault("RETIRE_OF_UNKNOWN_FAILS", good -> failing(good)));
  }

  private static List<JobId> heldBy(ForwardingStore store, EngineId engine) {
    return store.store.held(engine).stream().map(TokenLease::id).toList();
  }

  private static Fault retired(String name, BiConsumer<ForwardingStore, Row> damage) {
    return new Fault(
        name,
        good ->
            new ForwardingStore(good) {
              @Override
              public void retire(EngineId engine) {
                List<JobId> held = heldBy(this, engine);
                super.retire(engine);
                held.forEach(id -> touch(id, row -> damage.accept(this, row)));
              }
            });
  }

  private static JobStore notFencing(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public void retire(EngineId id) {
        EngineRow engine = engine(this, id);
        super.retire(id);
        if (engine != null) {
          super.register(engine.info);
        }
      }
    };
  }

  private static JobStore staying(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public void retire(EngineId id) {}
    };
  }

  private static JobStore takingAllAlong(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public void retire(EngineId id) {
        List<EngineId> all = store.locked(() -> List.copyOf(store.tables().engines.keySet()));
        all.forEach(super::retire);
      }
    };
  }

  private static JobStore touchingAll(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public void retire(EngineId id) {
        super.retire(id);
        touchAll(row -> row.token++);
      }
    };
  }

  private static JobStore forgettingCancel(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public void retire(EngineId id) {
        heldBy(this, id).forEach(job -> touch(job, row -> row.cancelRequested = false));
        super.retire(id);
      }
    };
  }

  private static JobStore failing(InMemoryJobStore good) {
    return new ForwardingStore(good) {
      @Override
      public void retire(EngineId id) {
        if (engine(this, id) == null) {
          throw new InvalidJobException("no such engine: " + id);
        }
        super.retire(id);
      }
    };
  }
}
