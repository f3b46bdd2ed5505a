package dev.jobs4j.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructor;
import java.sql.DriverManager;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.BaseStream;
import javax.sql.DataSource;

/** What may be called in few places only. A method reference counts as a call. */
final class Accesses {
  private Accesses() {}

  /** Runs code on another thread than the caller's. */
  static DescribedPredicate<JavaAccess<?>> startsThread() {
    return target(
        "start a thread or borrow one of the common pool",
        t ->
            (isConstructor(t) && t.getOwner().isAssignableTo(Thread.class))
                || (ownedBy(t, CompletableFuture.class, CompletionStage.class)
                    && t.getName().endsWith("Async"))
                || (t.getOwner().isAssignableTo(Collection.class)
                    && t.getName().equals("parallelStream"))
                || (t.getOwner().isAssignableTo(BaseStream.class)
                    && t.getName().equals("parallel")));
  }

  /** Asks the machine for the time; {@code now(clock)} does not. */
  static DescribedPredicate<JavaAccess<?>> readsSystemTime() {
    return target(
        "read the system's time",
        t ->
            (ownedBy(t, System.class)
                    && Set.of("currentTimeMillis", "nanoTime").contains(t.getName()))
                || (t.getOwner().getPackageName().startsWith("java.time")
                    && t.getName().equals("now")
                    && !takes(t, Clock.class))
                || (ownedBy(t, Clock.class, InstantSource.class)
                    && (t.getName().startsWith("system") || takesZoneOnly(t))));
  }

  /** Draws a random number from a source that no caller can seed. */
  static DescribedPredicate<JavaAccess<?>> drawsChance() {
    return target(
        "draw from a source of chance that cannot be seeded",
        t ->
            (ownedBy(t, Math.class, StrictMath.class) && t.getName().equals("random"))
                || ownedBy(t, ThreadLocalRandom.class)
                || (ownedBy(t, RandomGenerator.class) && t.getName().equals("getDefault"))
                || (isConstructor(t)
                    && ownedBy(t, Random.class, SplittableRandom.class)
                    && t.getRawParameterTypes().isEmpty()));
  }

  /** Takes a connection, of a pool or of a driver. */
  static DescribedPredicate<JavaAccess<?>> takesConnection() {
    return target(
        "take a connection",
        t ->
            (t.getOwner().isAssignableTo(DataSource.class)
                    && t.getName().startsWith("getConnection"))
                || (ownedBy(t, DriverManager.class) && t.getName().equals("getConnection")));
  }

  /** Makes an id from the system's entropy. */
  static DescribedPredicate<JavaAccess<?>> makesRandomUuid() {
    return target(
        "make a random UUID", t -> ownedBy(t, UUID.class) && t.getName().equals("randomUUID"));
  }

  private static DescribedPredicate<JavaAccess<?>> target(
      String description, Predicate<CodeUnitAccessTarget> predicate) {
    return describe(
        description,
        access -> access.getTarget() instanceof CodeUnitAccessTarget t && predicate.test(t));
  }

  private static boolean ownedBy(CodeUnitAccessTarget target, Class<?>... owners) {
    for (Class<?> owner : owners) {
      if (target.getOwner().isEquivalentTo(owner)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isConstructor(CodeUnitAccessTarget target) {
    return target.getName().equals(JavaConstructor.CONSTRUCTOR_NAME);
  }

  private static boolean takes(CodeUnitAccessTarget target, Class<?> parameter) {
    return target.getRawParameterTypes().stream().anyMatch(p -> p.isEquivalentTo(parameter));
  }

  /** {@code Clock.tickMillis(zone)} and its like tick on the system's clock. */
  private static boolean takesZoneOnly(CodeUnitAccessTarget target) {
    return target.getName().startsWith("tick")
        && target.getRawParameterTypes().stream()
            .map(JavaClass::getName)
            .toList()
            .equals(List.of("java.time.ZoneId"));
  }
}
