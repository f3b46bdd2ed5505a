package dev.jobs4j.examples.atworker;

import dev.jobs4j.api.JobType;
import dev.jobs4j.core.http.HttpCallback;
import java.util.List;

/** The ways to run a task: what may stand in {@code task_type}, each a type of job. */
final class TaskType {

  static final JobType<HttpCallback> HTTP_CALLBACK =
      JobType.of("http_callback", HttpCallback.class);
  static final JobType<RabbitMessage> RABBITMQ = JobType.of("rabbitmq", RabbitMessage.class);
  static final JobType<Mail> EMAIL = JobType.of("email", Mail.class);

  static final List<String> NAMES = List.of(HTTP_CALLBACK.name(), RABBITMQ.name(), EMAIL.name());

  private TaskType() {}

  static boolean isOne(String name) {
    return NAMES.contains(name);
  }
}
