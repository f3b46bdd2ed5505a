package dev.jobs4j.examples.boot3;

import dev.jobs4j.api.JobContext;
import dev.jobs4j.api.JobHandler;
import dev.jobs4j.api.retry.Retry;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Confirms orders. A job may run twice, so its id keeps a second confirmation out. */
@Component
public class Confirmations {

  private final JdbcClient jdbc;

  Confirmations(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  @JobHandler(
      type = "order.confirm",
      queue = "mail",
      timeout = "30s",
      retry = @Retry(initial = "1s", max = "1m", attempts = 8))
  @Transactional
  void confirm(Order order, JobContext context) {
    jdbc.sql("MERGE INTO confirmations (job, text) KEY (job) VALUES (?, ?)")
        .params(
            context.jobId().value(),
            "Dear " + order.customer() + ", we got your order " + order.number())
        .update();
  }

  /** All that was written. */
  public List<String> written() {
    return jdbc.sql("SELECT text FROM confirmations ORDER BY text").query(String.class).list();
  }
}
