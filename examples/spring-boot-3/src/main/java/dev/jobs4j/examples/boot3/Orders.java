package dev.jobs4j.examples.boot3;

import static java.util.Objects.requireNonNull;

import dev.jobs4j.api.JobClient;
import dev.jobs4j.api.JobType;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.jdbc.support.KeyHolder;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Takes orders. */
@Service
public class Orders {

  /** The most that is sold without asking the bank. */
  public static final long CREDIT = 100_000;

  static final JobType<Order> CONFIRM = JobType.of("order.confirm", Order.class);

  private final JdbcClient jdbc;
  private final JobClient jobs;

  Orders(JdbcClient jdbc, JobClient jobs) {
    this.jdbc = jdbc;
    this.jobs = jobs;
  }

  /** Writes the order and the job that confirms it in one transaction: both, or neither. */
  @Transactional
  public Order place(String customer, long cents) {
    KeyHolder number = new GeneratedKeyHolder();
    jdbc.sql("INSERT INTO orders (customer, cents) VALUES (?, ?)")
        .params(customer, cents)
        .update(number);
    Order order = new Order(requireNonNull(number.getKeyAs(Long.class)), customer, cents);
    jobs.enqueue(CONFIRM, order);
    if (cents > CREDIT) {
      throw new CreditException("No credit for " + cents + " cents");
    }
    return order;
  }

  /** The order was not taken. */
  public static final class CreditException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CreditException(String message) {
      super(message);
    }
  }
}
