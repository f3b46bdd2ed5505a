package dev.jobs4j.examples.features;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.Durability;
import dev.jobs4j.api.EnqueueOutcomeUnknownException;
import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.Job;
import dev.jobs4j.api.JobClient;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobRequest;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.Priority;
import dev.jobs4j.api.retry.Backoff;
import dev.jobs4j.core.Jobs;
import dev.jobs4j.core.memory.InMemoryJobStore;
import dev.jobs4j.store.jdbc.JdbcJobStore;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;

/** What an enqueue can say. */
class EnqueueTest {

  record Invoice(int number) {}

  // begin: type
  static final JobType<Invoice> SEND = JobType.of("invoice.send", Invoice.class);
  // end

  private final Jobs jobs = Jobs.builder().store(InMemoryJobStore.create()).enqueueOnly();

  @Test
  void options() {
    Invoice invoice = new Invoice(42);
    // begin: options
    jobs.enqueue(
        SEND.request(invoice)
            .delay(ofSeconds(30))
            .priority(Priority.HIGH)
            .tenant("acme")
            .tags("month-end", "b2b")
            .expireAfter(ofHours(6)) // not started by then: a dead letter, EXPIRED
            .maxAttempts(3)
            .backoff(Backoff.constant(ofSeconds(10)))
            .timeout(ofSeconds(20))
            .durability(Durability.RELAXED));
    // end
    assertThat(jobs.enqueue(SEND, invoice)).isInstanceOf(Enqueued.Created.class);
  }

  @Test
  void bulk() {
    // begin: bulk
    List<JobRequest<Invoice>> requests =
        IntStream.range(0, 10_000).mapToObj(n -> SEND.request(new Invoice(n))).toList();
    List<Enqueued> answers = jobs.enqueueAll(requests); // all or none
    // end
    assertThat(answers).hasSize(10_000).allMatch(Enqueued.Created.class::isInstance);
  }

  @Test
  void unknownOutcome() {
    JobClient client = breakingOff();
    JobRequest<Invoice> request = SEND.request(new Invoice(9));
    Enqueued answer;
    // begin: unknown
    try {
      answer = client.enqueue(request);
    } catch (EnqueueOutcomeUnknownException e) { // the connection broke behind the commit
      answer = client.enqueue(request.id(e.ids().get(0))); // Existing if it was stored
    }
    // end
    assertThat(answer).isInstanceOf(Enqueued.Existing.class);
    assertThat(jobs.find(answer.id())).isPresent();
  }

  /** A client whose first enqueue is stored without an answer. */
  private JobClient breakingOff() {
    AtomicBoolean broken = new AtomicBoolean();
    return (JobClient)
        Proxy.newProxyInstance(
            JobClient.class.getClassLoader(),
            new Class<?>[] {JobClient.class},
            (proxy, called, arguments) -> {
              Object answer = called.invoke(jobs, arguments);
              if (broken.compareAndSet(false, true)) {
                JobId id = ((Enqueued) answer).id();
                throw new EnqueueOutcomeUnknownException(List.of(id), new IOException("reset"));
              }
              return answer;
            });
  }

  @Test
  void unique() {
    // begin: unique
    Enqueued first = jobs.enqueue(SEND.request(new Invoice(1)).uniqueKey("invoice-1"));
    Enqueued again = jobs.enqueue(SEND.request(new Invoice(1)).uniqueKey("invoice-1"));
    // again is Existing(first.id()): decided by a unique index, not by a look before the insert
    // end
    assertThat(again).isEqualTo(new Enqueued.Existing(first.id()));
  }

  @Test
  void debounce() {
    // begin: debounce
    jobs.enqueue(SEND.request(new Invoice(1)).debounce("search-index", ofSeconds(5)));
    jobs.enqueue(SEND.request(new Invoice(2)).debounce("search-index", ofSeconds(5)));
    // one job runs, with the last payload, once it has been quiet for 5 s; replace(key) keeps the
    // time
    // end
    Enqueued third = jobs.enqueue(SEND.request(new Invoice(3)).replace("search-index"));
    assertThat(third).isInstanceOf(Enqueued.Existing.class);
    assertThat(jobs.find(third.id()).map(Job::attempt)).contains(0);
  }

  @Test
  void transaction() throws SQLException {
    JdbcDataSource h2 = new JdbcDataSource();
    h2.setURL("jdbc:h2:mem:enqueue;DB_CLOSE_DELAY=-1");
    DataSource dataSource = h2;
    JobClient client = Jobs.builder().store(JdbcJobStore.of(dataSource)).enqueueOnly();
    // begin: transaction
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      // ... your own statements ...
      client.in(JdbcJobStore.transaction(connection)).enqueue(SEND, new Invoice(7));
      connection.commit(); // now there is a job; after a rollback there never was one
    }
    // end
    Enqueued other = client.enqueue(SEND.request(new Invoice(8)).delay(Duration.ofDays(1)));
    assertThat(client.find(other.id())).isPresent();
  }
}
