package dev.jobs4j.core.internal.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.core.config.LogOptions;
import dev.jobs4j.core.internal.event.Listeners;
import dev.jobs4j.spi.Lease;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.TokenLease;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class SettlerTest {

  private final List<JobEvent> events = new ArrayList<>();
  private final List<Lease> settled = new ArrayList<>();
  private final List<Integer> batches = new ArrayList<>();
  private int relieved;

  private Settler settler(Function<List<Settlement>, Set<Lease>> source) {
    return new Settler(
        batch -> {
          batches.add(batch.size());
          return source.apply(batch);
        },
        new Listeners(List.of(events::add)),
        settled::add,
        new Reports(Optional::empty, LogOptions.defaults(), System::nanoTime, new Wakeup()),
        new Wakeup(),
        () -> relieved++);
  }

  private static TokenLease lease(int token) {
    return new TokenLease(new JobId(new UUID(7, token)), token);
  }

  private static void end(Settler settler, int token) {
    settler.settle(
        new JobEvent.JobRef(lease(token).id(), "t", JobQueue.DEFAULT, 1),
        lease(token),
        new Outcome.Succeeded(null));
  }

  private static void step(Settler settler) {
    try {
      settler.step(Duration.ZERO);
    } catch (IllegalStateException e) {
      // its loop would back off and take the next step
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void whatGatheredIsOneBatch() {
    Settler settler = settler(batch -> Set.of());
    for (int i = 0; i < 5; i++) {
      end(settler, i);
    }
    step(settler);
    assertThat(batches).containsExactly(5);
    assertThat(settled).hasSize(5);
    assertThat(settler.isIdle()).isTrue();
  }

  @Test
  void aLostLeaseIsToldAsLost() {
    Settler settler = settler(batch -> Set.of(lease(2)));
    end(settler, 1);
    end(settler, 2);
    step(settler);
    assertThat(events)
        .extracting(event -> event.getClass().getSimpleName())
        .containsExactly("Succeeded", "LeaseLost");
  }

  @Test
  void anEndingIsToldOnlyAfterItWasAccepted() {
    boolean[] down = {true};
    Settler settler =
        settler(
            batch -> {
              if (down[0]) {
                throw new IllegalStateException("down");
              }
              return Set.of();
            });
    end(settler, 1);
    step(settler);
    assertThat(events).isEmpty();
    assertThat(settler.isIdle()).isFalse();
    down[0] = false;
    step(settler);
    assertThat(events).hasSize(1);
    assertThat(settler.isIdle()).isTrue();
  }

  @Test
  void aBadOutcomeDoesNotHoldTheOthersUp() {
    Settler settler =
        settler(
            batch -> {
              if (batch.stream().anyMatch(s -> s.lease().equals(lease(3)))) {
                throw new IllegalStateException("cannot be settled");
              }
              return Set.of();
            });
    for (int i = 0; i < 6; i++) {
      end(settler, i);
    }
    for (int i = 0; i < 12; i++) {
      step(settler);
    }
    assertThat(settled).hasSize(5).doesNotContain(lease(3));
    assertThat(settler.isIdle()).as("the bad one is still tried").isFalse();
    end(settler, 9);
    for (int i = 0; i < 4; i++) {
      step(settler);
    }
    assertThat(settled).contains(lease(9));
  }

  @Test
  void whoWaitsForOutcomesToBeSettledIsTold() {
    Settler settler = settler(batch -> Set.of());
    for (int i = 0; i < 2_100; i++) {
      end(settler, i);
    }
    assertThat(settler.isOverloaded()).isTrue();
    step(settler);
    step(settler);
    step(settler);
    assertThat(settler.isOverloaded()).isFalse();
    assertThat(relieved).isEqualTo(1);
  }

  @Test
  void noMoreJobsAreTakenWhileOutcomesPileUp() {
    Settler settler =
        settler(
            batch -> {
              throw new IllegalStateException("down");
            });
    for (int i = 0; i < 2_000; i++) {
      end(settler, i);
    }
    assertThat(settler.isOverloaded()).isTrue();
    step(settler);
    assertThat(settler.isOverloaded()).isTrue();
  }
}
