package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.DeadLetterFilter;
import dev.jobs4j.api.DeadReason;
import dev.jobs4j.api.JobQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A statement about the dead letters that a filter means. The only statements that are put together
 * from parts: a condition that was not said must not stand there, or no index could be used for
 * those that were.
 */
final class DeadLetterQuery {

  private final List<String> conditions = new ArrayList<>();
  private final List<Consumer<Call>> values = new ArrayList<>();

  DeadLetterQuery(DeadLetterFilter filter) {
    filter.queue().map(JobQueue::name).ifPresent(name -> text("queue = ?", name));
    filter.type().ifPresent(type -> text("type = ?", type));
    filter.tenant().ifPresent(tenant -> text("tenant = ?", tenant));
    filter.reason().map(DeadReason::name).ifPresent(reason -> text("reason = ?", reason));
    filter.fingerprint().ifPresent(value -> text("fingerprint = ?", value));
    filter.errorClass().ifPresent(value -> text("error_class = ?", value));
    filter.tag().ifPresent(tag -> text("tags LIKE ? ESCAPE '!'", Tags.pattern(tag)));
    filter
        .diedFrom()
        .ifPresent(from -> add("finished_at >= ?", call -> call.time(Micros.of(from))));
    filter
        .diedBefore()
        .ifPresent(before -> add("finished_at < ?", call -> call.time(Micros.of(before))));
  }

  private void text(String condition, String value) {
    add(condition, call -> call.text(value));
  }

  private void add(String condition, Consumer<Call> value) {
    conditions.add(condition);
    values.add(value);
  }

  /** What follows another condition in a statement. */
  String more() {
    return conditions.isEmpty() ? "" : " AND " + String.join(" AND ", conditions);
  }

  /** Gives the values of {@link #more}, in their order. */
  Call bind(Call call) {
    values.forEach(value -> value.accept(call));
    return call;
  }
}
