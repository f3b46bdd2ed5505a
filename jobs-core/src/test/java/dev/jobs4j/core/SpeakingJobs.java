package dev.jobs4j.core;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.jobs4j.api.JobContext;
import dev.jobs4j.api.JobExecutor;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.LogLine;
import dev.jobs4j.api.LogPage;
import dev.jobs4j.api.Sensitive;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.api.retry.Backoff;
import dev.jobs4j.api.retry.RetryPolicy;
import dev.jobs4j.core.config.EngineOptions;
import dev.jobs4j.core.config.HandlerOptions;
import dev.jobs4j.core.memory.InMemoryJobStore;
import dev.jobs4j.spi.JobNotes;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.KeptStep;
import dev.jobs4j.spi.Report;
import dev.jobs4j.spi.TokenLease;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.slf4j.LoggerFactory;

/** A job whose handler speaks, and what is known and printed of that. */
abstract class SpeakingJobs {

  record Mail(@Sensitive String to, int size) {}

  static final String CANARY = "canary-7f3a@example.org";
  static final JobType<Mail> SEND = JobType.of("mail.send", Mail.class);
  static final Mail MAIL = new Mail(CANARY, 3);

  final InMemoryJobStore store = InMemoryJobStore.create();
  final Endings endings = new Endings();
  final ListAppender<ILoggingEvent> printed = new ListAppender<>();
  final Logger root = (Logger) LoggerFactory.getLogger("dev.jobs4j");
  final Level before = root.getLevel();

  @BeforeEach
  void listen() {
    root.setLevel(Level.DEBUG);
    printed.list = new CopyOnWriteArrayList<>();
    printed.start();
    root.addAppender(printed);
  }

  @AfterEach
  void stopListening() {
    root.detachAppender(printed);
    root.setLevel(before);
  }

  JobsBuilder builder(JobStore seenAs, JobExecutor<Mail> handler) {
    return Jobs.builder()
        .store(seenAs)
        .listener(endings)
        .handler(
            SEND,
            handler,
            HandlerOptions.defaults()
                .retry(RetryPolicy.of(3, Backoff.constant(Duration.ofMillis(1)))));
  }

  interface Saying {
    void say(JobContext context) throws Exception;
  }

  /** Runs one job that succeeds; the answer is what the store then knows. */
  JobId run(Saying saying) throws InterruptedException {
    return run(store, EngineOptions.defaults(), saying);
  }

  JobId run(JobStore seenAs, EngineOptions options, Saying saying) throws InterruptedException {
    JobExecutor<Mail> handler =
        (mail, context) -> {
          saying.say(context);
          return null;
        };
    try (Jobs jobs = builder(seenAs, handler).options(options).start()) {
      JobId id = jobs.enqueue(SEND, MAIL).id();
      endings.of(id, JobEvent.Succeeded.class);
      return id;
    }
  }

  LogPage log(JobId id) {
    return store.records().log(id, 0, 10_000);
  }

  List<String> texts(JobId id) {
    return log(id).lines().stream().map(LogLine::text).toList();
  }

  List<ILoggingEvent> printed(String logger) {
    return printed.list.stream().filter(e -> e.getLoggerName().equals(logger)).toList();
  }

  List<ILoggingEvent> warnings(String text) {
    return printed.list.stream()
        .filter(e -> e.getLevel() == Level.WARN && e.getFormattedMessage().contains(text))
        .toList();
  }

  interface Reporting {
    Set<TokenLease> report(JobNotes good, List<Report> reports, int keep, boolean patient);
  }

  /** The store with what takes reports replaced. */
  JobStore withReports(Reporting reporting) {
    JobNotes good = store.notes().orElseThrow();
    return OtherNotes.of(
        store,
        Optional.of(
            new JobNotes() {
              @Override
              public Optional<KeptStep> step(JobId job, String name) {
                return good.step(job, name);
              }

              @Override
              public boolean keep(TokenLease lease, KeptStep step) {
                return good.keep(lease, step);
              }

              @Override
              public Set<TokenLease> report(List<Report> reports, int keep, boolean patient) {
                return reporting.report(good, reports, keep, patient);
              }
            }));
  }
}
