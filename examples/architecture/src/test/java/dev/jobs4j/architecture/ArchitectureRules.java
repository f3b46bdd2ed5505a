package dev.jobs4j.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static dev.jobs4j.architecture.Accesses.drawsChance;
import static dev.jobs4j.architecture.Accesses.makesRandomUuid;
import static dev.jobs4j.architecture.Accesses.readsSystemTime;
import static dev.jobs4j.architecture.Accesses.startsThread;
import static dev.jobs4j.architecture.Accesses.takesConnection;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Calendar;
import java.util.Date;
import java.util.List;
import java.util.Timer;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.NullMarked;

/**
 * The rules that keep the packages in order, for any root package: the library's own, and the root
 * under which {@link PlantedViolationsTest} plants what each of them must catch.
 *
 * <p>A rule that matches no class at all fails. None of them is ever allowed to be empty.
 */
final class ArchitectureRules {
  /** How the public types of stores and transports may end; widened by an ADR only. */
  private static final String PUBLIC_ENDINGS = ".*(Store|Transport|Options|Migrator)";

  private final String root;

  private ArchitectureRules(String root) {
    this.root = root;
  }

  /** One rule, or one part of it; the id starts with the number it has in the house style. */
  record Rule(String id, ArchRule rule) {
    @Override
    public String toString() {
      return id + ": " + rule.getDescription();
    }
  }

  /** Rules 1 to 10, and 12. */
  static List<Rule> forRoot(String root) {
    return new ArchitectureRules(root).rules();
  }

  /** Every package states that its types are non-null unless they say otherwise. */
  static Rule everyPackageIsNullMarked() {
    return new Rule("11", classes().should(liveInANullMarkedPackage()));
  }

  private List<Rule> rules() {
    return List.of(
        // javax.crypto is the JDK's own, as java.. is: a key provider hands out its keys (decision
        // 16).
        new Rule(
            "1",
            classes()
                .that()
                .resideInAnyPackage(in("api.."), in("spi.."))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                    "java..", "javax.crypto..", "org.jspecify..", in("api.."), in("spi.."))),
        new Rule("2a", nothingIn("api..").mayDependOn("spi..")),
        new Rule(
            "2b",
            nothingIn("api..", "spi..", "store..", "transport..")
                .mayDependOn("core..", "spring..")),
        new Rule("3a", slices().matching(in("store.(*)..")).should().notDependOnEachOther()),
        new Rule("3b", slices().matching(in("transport.(*)..")).should().notDependOnEachOther()),
        new Rule("3c", nothingIn("store..").mayDependOn("transport..")),
        new Rule("3d", nothingIn("transport..").mayDependOn("store..")),
        new Rule("4", slices().matching(in("(**)")).should().beFreeOfCycles()),
        new Rule(
            "5",
            noClasses()
                .that()
                .resideOutsideOfPackage(in("core.."))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(in("core.internal.."))),
        new Rule(
            "6a",
            noClasses()
                .that()
                .resideOutsideOfPackage(in("core.internal.worker"))
                .should()
                .dependOnClassesThat(
                    belongToAnyOf(
                        Executors.class,
                        ThreadPoolExecutor.class,
                        ScheduledThreadPoolExecutor.class,
                        ForkJoinPool.class,
                        Timer.class))),
        new Rule(
            "6b",
            noClasses()
                .that()
                .resideOutsideOfPackage(in("core.internal.worker"))
                .should()
                .accessTargetWhere(startsThread())),
        new Rule(
            "7",
            noClasses().should().dependOnClassesThat(belongToAnyOf(Date.class, Calendar.class))),
        // A store's clock is its own (decision 1); the one in memory has no server to ask. The HTTP
        // executor is made before any engine, so its builder is wiring as JobsBuilder is; and so is
        // a JDBC store, which spaces out what it sends by its machine and decides nothing by it.
        new Rule(
            "8a",
            noClasses()
                .that(areNot("core.JobsBuilder"))
                .and(areNot("core.memory.InMemoryJobStore"))
                .and(areNot("core.http.HttpCallbackExecutor$Builder"))
                .and(areNot("store.jdbc.Machine"))
                .should()
                .accessTargetWhere(readsSystemTime())),
        new Rule(
            "8b",
            noClasses()
                .that(areNot("core.JobsBuilder"))
                .and(areNot("store.jdbc.Machine"))
                .should()
                .accessTargetWhere(drawsChance())),
        new Rule(
            "8c",
            noClasses()
                .that(areNot("core.JobsBuilder"))
                .and()
                .resideInAnyPackage(in("api.."), in("spi.."), in("core.."))
                .should()
                .accessTargetWhere(makesRandomUuid())),
        new Rule(
            "9",
            classes()
                .that()
                .resideInAnyPackage(in("store.."), in("transport.."))
                .and()
                .arePublic()
                .and()
                .areTopLevelClasses()
                .should()
                .haveNameMatching(PUBLIC_ENDINGS)),
        new Rule("10a", NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS),
        new Rule("10b", NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS),
        new Rule(
            "10c",
            classes()
                .that()
                .areAssignableTo(Throwable.class)
                .and()
                .resideInAPackage(in(".."))
                .should()
                .beAssignableTo(in("api.JobException"))),
        // Who takes a connection also runs a deadlock's victim again, and gives a broken one up.
        new Rule(
            "12",
            noClasses()
                .that()
                .resideInAPackage(in("store.jdbc.."))
                .and(areNot("store.jdbc.Transactions"))
                .and(areNot("store.jdbc.RenewalConnection"))
                .and(areNot("store.jdbc.PostgresWakeUps"))
                .should()
                .accessTargetWhere(takesConnection())));
  }

  /** The package pattern below the root; {@code ".."} stands for the root itself. */
  private String in(String pattern) {
    return pattern.equals("..") ? root + ".." : root + "." + pattern;
  }

  private Outsiders nothingIn(String... packages) {
    return forbidden ->
        noClasses()
            .that()
            .resideInAnyPackage(inAll(packages))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(inAll(forbidden));
  }

  private interface Outsiders {
    ArchRule mayDependOn(String... forbidden);
  }

  private String[] inAll(String... packages) {
    return List.of(packages).stream().map(this::in).toArray(String[]::new);
  }

  private DescribedPredicate<JavaClass> areNot(String type) {
    String name = in(type);
    return DescribedPredicate.describe(
        "are not " + name, c -> !c.getName().equals(name) && !c.getName().startsWith(name + "$"));
  }

  private static ArchCondition<JavaClass> liveInANullMarkedPackage() {
    return new ArchCondition<>("live in a package whose package-info.java is @NullMarked") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
        events.add(
            new SimpleConditionEvent(
                type,
                marked,
                type.getName() + (marked ? " is" : " is not") + " in a @NullMarked package"));
      }
    };
  }
}
