package dev.jobs4j.api.retry;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which errors are worth another attempt. Immutable; thread-safe if its predicates are. Asked in
 * this order, the first answer holds:
 *
 * <ol>
 *   <li>The predicates, about the error as it was thrown: {@code abortIf} says no, {@code retryIf}
 *       says yes.
 *   <li>The classes, about the error and then its causes, the outermost first: the first one that
 *       {@code abortOn} names says no, or that {@code retryOn} names yes. So a wrapper, such as
 *       {@code CompletionException}, does not hide what it wraps, and one that is named itself has
 *       the say over its causes.
 *   <li>Else no, if {@code retryOn} or {@code retryIf} is set, since they say what is tried again;
 *       yes if neither is.
 * </ol>
 *
 * @param abortOn error classes, with their subclasses, that are never tried again
 * @param retryOn error classes, with their subclasses, that are tried again; empty says nothing
 * @param abort tells errors that are never tried again; null says nothing
 * @param retry tells errors that are tried again; null says nothing
 */
public record RetryableErrors(
    Set<Class<? extends Throwable>> abortOn,
    Set<Class<? extends Throwable>> retryOn,
    @Nullable Predicate<? super Throwable> abort,
    @Nullable Predicate<? super Throwable> retry) {

  /** A chain of causes that is longer is not looked at to its end. */
  private static final int MOST_CAUSES = 100;

  /** Copies the sets. */
  public RetryableErrors {
    abortOn = Set.copyOf(abortOn);
    retryOn = Set.copyOf(retryOn);
  }

  /** Every error. */
  public static RetryableErrors all() {
    return new RetryableErrors(Set.of(), Set.of(), null, null);
  }

  /** What {@code abortIf} asks; empty if it was not set. */
  public Optional<Predicate<? super Throwable>> abortIf() {
    return Optional.ofNullable(abort);
  }

  /** What {@code retryIf} asks; empty if it was not set. */
  public Optional<Predicate<? super Throwable>> retryIf() {
    return Optional.ofNullable(retry);
  }

  /** Whether {@code error} is worth another attempt. Throws what a predicate throws. */
  public boolean include(Throwable error) {
    if (abort != null && abort.test(error)) {
      return false;
    }
    if (retry != null && retry.test(error)) {
      return true;
    }
    for (Throwable link : chain(error)) {
      if (names(abortOn, link)) {
        return false;
      }
      if (names(retryOn, link)) {
        return true;
      }
    }
    return retry == null && retryOn.isEmpty();
  }

  private static boolean names(Set<Class<? extends Throwable>> classes, Throwable error) {
    return classes.stream().anyMatch(type -> type.isInstance(error));
  }

  /** The error and its causes; a chain may be a ring. */
  private static List<Throwable> chain(Throwable error) {
    List<Throwable> chain = new ArrayList<>();
    for (Throwable link = error; link != null && chain.size() < MOST_CAUSES; ) {
      chain.add(link);
      link = link.getCause();
    }
    return chain;
  }
}
