package dev.jobs4j.examples.features;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobHandler;
import dev.jobs4j.api.JobQueue;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.Sensitive;
import dev.jobs4j.core.Jobs;
import dev.jobs4j.core.crypto.StaticKeyProvider;
import dev.jobs4j.core.memory.InMemoryJobStore;
import dev.jobs4j.core.schema.JsonSchemaCheck;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What jobs carry. */
class PayloadTest {

  private final InMemoryJobStore store = InMemoryJobStore.create();
  private final BlockingQueue<Object> ran = new LinkedBlockingQueue<>(10);

  // begin: versions
  record Order(String customer, int amount) {} // version 2: version 1 called it "client"

  static final JobType<Order> ORDER = JobType.of("order", Order.class).version(2);

  class Orders {
    @JobHandler(type = "order", version = 2, aliases = "old_order_name")
    void handle(Order order) {
      ran.add(order);
    }
  }

  // end

  @Test
  void versions() throws InterruptedException {
    // begin: upcast
    Jobs jobs =
        Jobs.builder()
            .store(store)
            .handlers(new Orders())
            .upcast(
                "order",
                1, // from 1 to 2
                fields -> {
                  fields.put("customer", fields.remove("client"));
                  return fields;
                })
            .start();
    // end
    try (jobs) {
      JobType<Map<String, Object>> before =
          JobType.ofGeneric("old_order_name", Map.class); // an older program enqueues
      jobs.enqueue(before, Map.of("client", "c-1", "amount", 7));
      assertThat(ran.poll(10, TimeUnit.SECONDS)).isEqualTo(new Order("c-1", 7));
      jobs.enqueue(ORDER, new Order("c-2", 8));
      assertThat(ran.poll(10, TimeUnit.SECONDS)).isEqualTo(new Order("c-2", 8));
    }
  }

  @Test
  void schema() {
    // begin: schema
    JsonSchemaCheck check =
        JsonSchemaCheck.builder()
            .schema(
                "order",
                2,
                """
                {"type": "object", "required": ["customer"],
                 "properties": {"amount": {"type": "integer", "minimum": 1}}}
                """)
            .build();
    Jobs jobs = Jobs.builder().store(store).check(check).enqueueOnly();
    // end
    JobType<Order> order = JobType.of("order", Order.class).version(2);
    assertThatThrownBy(() -> jobs.enqueue(order, new Order("c-1", 0)))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("amount");
  }

  // begin: sensitive
  record Login(String user, @Sensitive String password) {}

  // end

  @Test
  void encryption() {
    // begin: encryption
    StaticKeyProvider keys = // or your own KeyProvider over a KMS, with keys by tenant
        StaticKeyProvider.create().add("2026-11", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
    Jobs jobs = Jobs.builder().store(store).encryption(keys).enqueueOnly();
    // end
    jobs.enqueue(JobType.of("login", Login.class), new Login("ada", "secret"));
    assertThat(store.records().count(JobQueue.DEFAULT)).hasSize(1);
    // begin: rotation
    keys.add(
        "2026-12", "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="); // writes from now on, both read
    // ... and once nothing is kept that the old one wrote:
    keys.remove(null, "2026-11");
    // end
    assertThat(keys.primary(null).id()).isEqualTo("2026-12");
    assertThat(keys.find(null, "2026-11")).isEmpty();
  }
}
