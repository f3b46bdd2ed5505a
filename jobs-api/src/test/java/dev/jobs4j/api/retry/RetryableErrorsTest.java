package dev.jobs4j.api.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class RetryableErrorsTest {

  private static final RetryPolicy ANY = RetryPolicy.of(3, Backoff.constant(Duration.ZERO));

  private static boolean retried(RetryPolicy policy, Throwable error) {
    return policy.decide(1, Duration.ZERO, error, 0) instanceof RetryDecision.RetryAfter;
  }

  private static Throwable wrapped(IOException error) {
    return new CompletionException(new UncheckedIOException(error));
  }

  @Test
  void everythingIsTriedAgainUnlessSomethingIsSaid() {
    assertThat(retried(ANY, new IOException())).isTrue();
    assertThat(retried(ANY, new StackOverflowError())).isTrue();
  }

  @Test
  void aClassStandsForItsSubclasses() {
    RetryPolicy abort = ANY.withAbortOn(Set.of(IOException.class));
    assertThat(retried(abort, new FileNotFoundException())).isFalse();
    assertThat(retried(abort, new IllegalStateException())).isTrue();
    RetryPolicy retry = ANY.withRetryOn(Set.of(IOException.class));
    assertThat(retried(retry, new FileNotFoundException())).isTrue();
    assertThat(retried(retry, new IllegalStateException())).isFalse();
  }

  @Test
  void aWrapperDoesNotHideItsCause() {
    assertThat(retried(ANY.withAbortOn(Set.of(IOException.class)), wrapped(new IOException())))
        .isFalse();
    assertThat(retried(ANY.withRetryOn(Set.of(IOException.class)), wrapped(new IOException())))
        .isTrue();
  }

  @Test
  void aWrapperThatIsNamedHasTheSayOverItsCause() {
    RetryPolicy retryOutside =
        ANY.withAbortOn(Set.of(IOException.class)).withRetryOn(Set.of(UncheckedIOException.class));
    assertThat(retried(retryOutside, wrapped(new IOException()))).isTrue();
    RetryPolicy abortOutside =
        ANY.withAbortOn(Set.of(UncheckedIOException.class)).withRetryOn(Set.of(IOException.class));
    assertThat(retried(abortOutside, wrapped(new IOException()))).isFalse();
  }

  @Test
  void whatBothNameIsGivenUp() {
    RetryPolicy policy =
        ANY.withAbortOn(Set.of(FileNotFoundException.class)).withRetryOn(Set.of(IOException.class));
    assertThat(retried(policy, new FileNotFoundException())).isFalse();
    assertThat(retried(policy, new IOException())).isTrue();
  }

  @Test
  void aPredicateIsAskedBeforeTheClassesAndAboutTheErrorAsThrown() {
    RetryPolicy policy =
        ANY.withAbortOn(Set.of(IOException.class))
            .withRetryIf(error -> "503".equals(error.getMessage()));
    assertThat(retried(policy, new IOException("503"))).isTrue();
    assertThat(retried(policy, new IOException("404"))).isFalse();
    assertThat(retried(policy, wrapped(new IOException("503")))).isFalse();
    RetryPolicy abort =
        ANY.withRetryOn(Set.of(IOException.class))
            .withAbortIf(error -> "404".equals(error.getMessage()));
    assertThat(retried(abort, new IOException("404"))).isFalse();
    assertThat(retried(abort, new IOException("503"))).isTrue();
  }

  @Test
  void abortIfGoesBeforeRetryIf() {
    RetryPolicy policy = ANY.withRetryIf(error -> true).withAbortIf(error -> true);
    assertThat(retried(policy, new IOException())).isFalse();
  }

  @Test
  void whoSaysWhatIsTriedAgainSaysThatTheRestIsNot() {
    assertThat(retried(ANY.withRetryIf(error -> false), new IOException())).isFalse();
    assertThat(retried(ANY.withAbortIf(error -> false), new IOException())).isTrue();
  }

  @Test
  void aRingOfCausesEnds() {
    Exception first = new IllegalStateException();
    Exception second = new IllegalArgumentException(first);
    first.initCause(second);
    assertThat(retried(ANY.withRetryOn(Set.of(IOException.class)), first)).isFalse();
    assertThat(retried(ANY.withAbortOn(Set.of(IllegalArgumentException.class)), first)).isFalse();
  }

  @Test
  void whatAPredicateThrowsIsNotSwallowed() {
    RetryPolicy policy =
        ANY.withRetryIf(
            error -> {
              throw new UnsupportedOperationException("mine");
            });
    assertThatThrownBy(() -> retried(policy, new IOException())).hasMessage("mine");
  }
}
