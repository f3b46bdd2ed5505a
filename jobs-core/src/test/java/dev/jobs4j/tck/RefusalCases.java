package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.Durability;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobRequest;
import dev.jobs4j.api.JobTransaction;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.Priority;
import dev.jobs4j.core.Jobs;
import dev.jobs4j.spi.Capability;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a backend cannot do is refused at enqueue, never ignored, and the alternative is named. */
abstract class RefusalCases extends EngineCases {

  private static final JobType<Order> TYPE = JobType.of("tck.refused", Order.class);
  private static final Duration HOUR = Duration.ofHours(1);

  /** What a request may ask for, and how a refusal calls it. */
  enum Wish {
    DELAY(Capability.DELAY, "delay and at") {
      @Override
      JobRequest<Order> of(JobRequest<Order> request, JobId parent) {
        return request.delay(HOUR);
      }
    },
    AT(Capability.DELAY, "delay and at") {
      @Override
      JobRequest<Order> of(JobRequest<Order> request, JobId parent) {
        return request.at(Instant.parse("2100-01-01T00:00:00Z"));
      }
    },
    PRIORITY(Capability.PRIORITY, "priority") {
      @Override
      JobRequest<Order> of(JobRequest<Order> request, JobId parent) {
        return request.priority(Priority.HIGH);
      }
    },
    UNIQUE_KEY(Capability.UNIQUE_KEY, "uniqueKey") {
      @Override
      JobRequest<Order> of(JobRequest<Order> request, JobId parent) {
        return request.uniqueKey(parent + ".unique");
      }
    },
    REPLACE(Capability.REPLACE, "(replace and debounce|uniqueKey)") {
      @Override
      JobRequest<Order> of(JobRequest<Order> request, JobId parent) {
        return request.replace(parent + ".replace");
      }
    },
    DEBOUNCE(Capability.REPLACE, "(replace and debounce|uniqueKey)") {
      @Override
      JobRequest<Order> of(JobRequest<Order> request, JobId parent) {
        return request.debounce(parent + ".debounce", Duration.ZERO);
      }
    },
    EXPIRY(Capability.EXPIRY, "expireAfter and expireAt") {
      @Override
      JobRequest<Order> of(JobRequest<Order> request, JobId parent) {
        return request.expireAfter(HOUR);
      }
    },
    TAGS(Capability.TAGS, "tags") {
      @Override
      JobRequest<Order> of(JobRequest<Order> request, JobId parent) {
        return request.tags("red");
      }
    },
    AFTER(Capability.WAITING, "after and afterEnd") {
      @Override
      JobRequest<Order> of(JobRequest<Order> request, JobId parent) {
        return request.after(parent);
      }
    },
    AFTER_END(Capability.ANY_END, "(after and )?afterEnd") {
      @Override
      JobRequest<Order> of(JobRequest<Order> request, JobId parent) {
        return request.afterEnd(parent);
      }
    },
    FIFO(Capability.FIFO, "fifo") {
      @Override
      JobRequest<Order> of(JobRequest<Order> request, JobId parent) {
        return request.fifo(parent.toString());
      }
    },
    MAJORITY(Capability.MAJORITY, "durability MAJORITY") {
      @Override
      JobRequest<Order> of(JobRequest<Order> request, JobId parent) {
        return request.durability(Durability.MAJORITY);
      }
    };

    private final Capability needed;
    private final String name;

    Wish(Capability needed, String name) {
      this.needed = needed;
      this.name = name;
    }

    abstract JobRequest<Order> of(JobRequest<Order> request, JobId parent);
  }

  private JobRequest<Order> request() {
    return TYPE.request(ORDER).queue(queue.name());
  }

  @ParameterizedTest
  @EnumSource
  void whatTheBackendCannotDoIsRefusedAtEnqueue(Wish wish) {
    Jobs jobs = enqueueOnly();
    JobId parent = jobs.enqueue(request()).id();
    JobRequest<Order> request = wish.of(request(), parent);

    if (can(wish.needed)) {
      assertThat(jobs.enqueue(request)).isInstanceOf(Enqueued.Created.class);
    } else {
      assertThatThrownBy(() -> jobs.enqueue(request))
          .isInstanceOf(InvalidJobException.class)
          .hasMessageMatching(
              "The backend of queue "
                  + queue.name()
                  + " cannot do "
                  + wish.name
                  + "; put the job into a queue that lives in a store which can: type="
                  + TYPE.name());
    }
  }

  /** Of none that the backend knows, where it knows any. */
  @Test
  void aTransactionThatTheBackendCannotJoinIsRefused() {
    Jobs jobs = enqueueOnly();

    assertThatThrownBy(() -> jobs.in(new JobTransaction() {}).enqueue(request()))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining(
            can(Capability.TRANSACTIONAL_ENQUEUE)
                ? "transaction must "
                : "queue "
                    + queue.name()
                    + " cannot do in(transaction); put the job into a queue that lives in a store"
                    + " which can");
  }
}
