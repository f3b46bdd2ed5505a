package dev.jobs4j.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.DeadLetterHandler;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.JobClient;
import dev.jobs4j.api.JobException;
import dev.jobs4j.api.JobHandler;
import dev.jobs4j.api.JobOutcome;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.JobType;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** {@code @JobHandler} methods are found on any bean, and called through what stands before it. */
@SuppressWarnings("unused") // handlers are called by their annotation
class HandlerBeansTest {

  private static final JobType<String> WORK = JobType.of("work", String.class);

  private static final List<String> seen = new CopyOnWriteArrayList<>();

  private static void see(String where) {
    seen.add(
        where + (TransactionSynchronizationManager.isActualTransactionActive() ? " in tx" : ""));
  }

  @BeforeEach
  void forget() {
    seen.clear();
  }

  private static void runsWork(ApplicationContextRunner runner, String expected) {
    runner.run(
        context -> {
          assertThat(context).hasNotFailed();
          JobClient client = context.getBean(JobClient.class);
          Starter.awaitState(client, client.enqueue(WORK, "x").id(), JobState.SUCCEEDED);
          assertThat(seen).containsExactly(expected);
        });
  }

  private static void isRefused(ApplicationContextRunner runner, String... words) {
    runner.run(
        context ->
            assertThat(NestedExceptionUtils.getMostSpecificCause(context.getStartupFailure()))
                .isInstanceOf(JobException.class)
                .hasMessageContainingAll(words));
  }

  static class Plain {
    @JobHandler(type = "work")
    private void work(String what) {
      see("plain");
    }
  }

  @Test
  void aPrivateMethodOfAPlainBean() {
    runsWork(Starter.inMemory().withBean(Plain.class), "plain");
  }

  static class ByClass {
    private final String name = "by class";

    @JobHandler(type = "work")
    @Transactional
    void work(String what) {
      see(name);
    }
  }

  @Test
  void aTransactionalMethodOfAClassProxy() {
    runsWork(Starter.inDatabase().withBean(ByClass.class), "by class in tx");
  }

  interface Work {
    void work(String what);
  }

  static class ByInterface implements Work {
    @Override
    @JobHandler(type = "work")
    @Transactional
    public void work(String what) {
      see("by interface");
    }
  }

  @Test
  void aTransactionalMethodOfAnInterfaceProxy() {
    runsWork(
        Starter.inDatabaseWithInterfaceProxies().withBean(ByInterface.class), "by interface in tx");
  }

  @Test
  void isBehindAProxyThatIsNotOfItsClass() {
    Starter.inDatabaseWithInterfaceProxies()
        .withBean("work", ByInterface.class)
        .run(context -> assertThat(context.getBean("work")).isNotInstanceOf(ByInterface.class));
  }

  static class NotInInterface implements Work {
    @Override
    @Transactional
    public void work(String what) {}

    @JobHandler(type = "work")
    public void other(String what) {}
  }

  @Test
  void anInterfaceProxyWithoutTheMethodIsRefused() {
    isRefused(
        Starter.inDatabaseWithInterfaceProxies().withBean(NotInInterface.class),
        "NotInInterface.other",
        "no interface of it has the method",
        "proxyTargetClass = true");
  }

  static class PrivateBehindProxy {
    @JobHandler(type = "work")
    private void work(String what) {}

    @Transactional
    void other() {}
  }

  @Test
  void aPrivateMethodBehindAProxyIsRefused() {
    isRefused(
        Starter.inDatabase().withBean("mailer", PrivateBehindProxy.class),
        "PrivateBehindProxy.work of bean 'mailer' is private",
        "proxied");
  }

  static class FinalBehindProxy {
    @JobHandler(type = "work")
    final void work(String what) {}

    @Transactional
    void other() {}
  }

  @Test
  void aFinalMethodBehindAProxyIsRefused() {
    isRefused(Starter.inDatabase().withBean(FinalBehindProxy.class), "is final");
  }

  static class Child extends ByClass {}

  @Test
  void anInheritedMethod() {
    runsWork(Starter.inDatabase().withBean(Child.class), "by class in tx");
  }

  @Configuration
  static class OnAConfiguration {
    @JobHandler(type = "work")
    void work(String what) {
      see("configuration");
    }
  }

  @Test
  void aMethodOfAConfigurationClass() {
    runsWork(Starter.inMemory().withUserConfiguration(OnAConfiguration.class), "configuration");
  }

  @Configuration(proxyBeanMethods = false)
  static class BehindAnInterface {
    @Bean
    Work bean() {
      return new Work() {
        @Override
        @JobHandler(type = "work")
        public void work(String what) {
          see("anonymous");
        }
      };
    }
  }

  @Test
  void aBeanDeclaredByItsInterface() {
    runsWork(Starter.inMemory().withUserConfiguration(BehindAnInterface.class), "anonymous");
  }

  @Configuration(proxyBeanMethods = false)
  static class Scoped {
    @Bean
    @Scope(scopeName = "prototype", proxyMode = ScopedProxyMode.TARGET_CLASS)
    ByClass scoped() {
      return new ByClass();
    }
  }

  @Test
  void aScopedBean() {
    runsWork(Starter.inMemory().withUserConfiguration(Scoped.class), "by class");
  }

  @Configuration(proxyBeanMethods = false)
  static class LazyBeans {
    @Bean
    @Lazy
    Plain handler() {
      seen.add("handler made");
      return new Plain();
    }

    @Bean
    @Lazy
    StringBuilder other() {
      seen.add("other made");
      return new StringBuilder();
    }
  }

  @Test
  void aLazyBeanIsMadeWhenTheEngineStartsAndNoOtherIs() {
    Starter.inMemory()
        .withUserConfiguration(LazyBeans.class)
        .withPropertyValues("jobs.worker.auto-startup=false")
        .run(
            context -> {
              assertThat(seen).isEmpty();
              context.getBean(JobsLifecycle.class).start();
              assertThat(seen).containsExactly("handler made");
            });
  }

  @Test
  void twoHandlersOfOneTypeAreRefusedEvenWhereNoneRuns() {
    isRefused(
        Starter.inDatabase()
            .withBean("one", Plain.class)
            .withBean("two", ByClass.class)
            .withPropertyValues("jobs.worker.enabled=false"),
        "Two handlers of job type \"work\"",
        "Plain.work of bean 'one'",
        "ByClass.work of bean 'two'");
  }

  @Test
  void lazyInitializationDoesNotPutTheRefusalOff() {
    isRefused(
        Starter.inMemory()
            .withInitializer(
                context ->
                    context.addBeanFactoryPostProcessor(
                        new LazyInitializationBeanFactoryPostProcessor()))
            .withBean("one", Plain.class)
            .withBean("two", ByClass.class)
            .withPropertyValues("jobs.worker.enabled=false"),
        "Two handlers of job type \"work\"");
  }

  @Test
  void withoutHandlersTheApplicationStartsAndEnqueues() {
    Starter.inMemory()
        .run(
            context -> {
              JobClient client = context.getBean(JobClient.class);
              assertThat(client.find(client.enqueue(WORK, "x").id()))
                  .get()
                  .extracting(job -> job.state())
                  .isEqualTo(JobState.PENDING);
            });
  }

  static class Failing {
    @JobHandler(type = "work")
    JobOutcome work(String what) {
      return JobOutcome.reject("no");
    }
  }

  static class Mourner {
    @DeadLetterHandler("work")
    @Transactional
    void gaveUp(String what, Failure failure) {
      see("gave up " + what + ": " + failure.message());
    }
  }

  private static void looksAfterWork(ApplicationContextRunner runner, String expected) {
    runner.run(
        context -> {
          assertThat(context).hasNotFailed();
          context.getBean(JobClient.class).enqueue(WORK, "x");
          Starter.await(() -> !seen.isEmpty());
          assertThat(seen).containsExactly(expected);
        });
  }

  @Test
  void aDeadLetterHandlerOfAnotherBean() {
    looksAfterWork(
        Starter.inDatabase().withBean(Failing.class).withBean(Mourner.class),
        "gave up x: no in tx");
  }

  static class PrivateMourner {
    @DeadLetterHandler("work")
    private void gaveUp(String what) {}

    @Transactional
    void other() {}
  }

  @Test
  void aPrivateDeadLetterHandlerOfAProxiedBeanIsRefused() {
    isRefused(
        Starter.inDatabase().withBean(Failing.class).withBean(PrivateMourner.class),
        "@DeadLetterHandler",
        "PrivateMourner.gaveUp of bean",
        "is private, and the bean is proxied");
  }
}
