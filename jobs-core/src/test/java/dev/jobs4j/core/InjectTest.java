package dev.jobs4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobContext;
import dev.jobs4j.api.JobHandler;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.core.memory.InMemoryJobStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InjectTest {

  /** Something a host has. */
  record Mailer(String from) {}

  /** Everything a method may take, in no special order. */
  static class Everything {
    final List<Object> seen = new ArrayList<>();

    @JobHandler(type = "one")
    void run(JobId id, Mailer mailer, String payload, JobContext context) {
      seen.addAll(List.of(id, mailer, payload, context.jobId()));
    }
  }

  @Test
  void aMethodTakesWhatItNamesInAnyOrder() throws InterruptedException {
    Everything bean = new Everything();
    JobEvent end =
        OneJob.end(
            builder ->
                builder
                    .handlers(bean)
                    .inject(Mailer.class, context -> new Mailer("job " + context.attempt())));
    assertThat(end).isInstanceOf(JobEvent.Succeeded.class);
    JobId id = end.job().id();
    assertThat(bean.seen).containsExactly(id, new Mailer("job 1"), "payload", id);
  }

  @Test
  void whatNothingGivesIsRefusedAtTheStartByMethodAndParameter() {
    JobsBuilder builder =
        Jobs.builder().store(InMemoryJobStore.create()).handlers(new Everything());
    assertThatThrownBy(builder::start)
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("@JobHandler " + Everything.class.getName() + ".run")
        .hasMessageContaining("takes " + Mailer.class.getName() + " and java.lang.String")
        .hasMessageContaining("inject(..), which knows JobContext, JobId");
  }

  @Test
  void nullIsAFailedAttemptThatNamesTheClassAndTheHandler() throws InterruptedException {
    JobEvent end =
        OneJob.end(
            builder -> builder.handlers(new Everything()).inject(Mailer.class, context -> null));
    assertThat(((JobEvent.Retried) end).failure().message())
        .isEqualTo(
            "inject("
                + Mailer.class.getName()
                + ", ..) gave null: handler="
                + Everything.class.getName()
                + ".run");
  }

  @Test
  void itIsGivenWithinTheInterceptors() throws InterruptedException {
    ThreadLocal<String> tenant = ThreadLocal.withInitial(() -> "nobody");
    Everything bean = new Everything();
    OneJob.end(
        builder ->
            builder
                .handlers(bean)
                .inject(Mailer.class, context -> new Mailer(tenant.get()))
                .interceptor(
                    (context, next) -> {
                      tenant.set("acme");
                      try {
                        return next.proceed();
                      } finally {
                        tenant.remove();
                      }
                    }));
    assertThat(bean.seen).contains(new Mailer("acme"));
  }

  @Test
  void aClassIsGivenOnce() {
    JobsBuilder builder = Jobs.builder().inject(Mailer.class, context -> new Mailer("a"));
    refused(() -> builder.inject(Mailer.class, context -> new Mailer("b")), "Mailer is injected");
    refused(() -> builder.inject(JobId.class, JobContext::jobId), "JobId is injected already");
    refused(() -> builder.inject(int.class, context -> 1), "cannot give a primitive: int");
  }

  private static void refused(Runnable call, String message) {
    assertThatThrownBy(call::run)
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining(message);
  }
}
