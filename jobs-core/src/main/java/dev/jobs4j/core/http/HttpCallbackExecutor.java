package dev.jobs4j.core.http;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobContext;
import dev.jobs4j.api.JobExecutor;
import dev.jobs4j.api.JobOutcome;
import dev.jobs4j.core.config.Ticker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.HttpException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs {@link HttpCallback} jobs: sends each to its URL, if the host allows that URL.
 *
 * <pre>{@code
 * JobType<HttpCallback> type = JobType.of("http_callback", HttpCallback.class);
 * JobExecutor<HttpCallback> executor =
 *     HttpCallbackExecutor.builder().allow(CallbackTarget.of("https://hooks.example.com")).build();
 * Jobs.builder().store(store).handler(type, executor).start();
 * }</pre>
 *
 * <p>Whoever can enqueue a job chooses its URL, so nothing is called that was not allowed, and no
 * name is trusted to stay where it was: it is looked up once, every address it has is checked, and
 * the connection goes to one of exactly these. Redirects are not followed, proxies not used, and
 * nothing of the application's own credentials is sent.
 *
 * <p>An answer of 2xx, read to its end or to the limit, ends the job well with an {@link
 * HttpCallbackResult}. 408, 425, 429 and 5xx, an answer that is cut off, and no answer at all fail
 * the attempt with an {@link HttpCallbackException}, and the retry policy decides; a {@code
 * Retry-After} replaces the delay of its backoff. Any other answer, and whatever is not allowed,
 * makes a dead letter at once. A receiver may see a job more than once: {@code Idempotency-Key} is
 * the job's id, {@code Job-Attempt} the attempt.
 *
 * <p>The call ends at once when the attempt is asked to end. Thread-safe, without threads or
 * connections of its own, so there is nothing to close.
 */
public final class HttpCallbackExecutor implements JobExecutor<HttpCallback> {

  private static final Logger log = LoggerFactory.getLogger(HttpCallbackExecutor.class);
  private static final Set<Integer> WORTH_RETRYING = Set.of(408, 425, 429);

  private final List<CallbackTarget> targets;
  private final Function<Optional<String>, List<CallbackTarget>> targetsByTenant;
  private final CallbackOptions options;
  private final AddressLookup lookup;
  private final Ticker ticker;
  private final InstantSource clock;
  private final RequestBuilder requests;
  private final SSLContext anonymousTls = Call.anonymousTls();

  private HttpCallbackExecutor(Builder b) {
    targets = List.copyOf(b.targets);
    targetsByTenant = b.targetsByTenant == null ? tenant -> List.of() : b.targetsByTenant;
    options = b.options;
    lookup = b.lookup;
    ticker = b.ticker;
    clock = b.clock;
    requests = new RequestBuilder(b.options, b.clock, b.random);
  }

  /** Starts an executor that allows nothing yet. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Makes the request.
   *
   * @return an {@link HttpCallbackResult}, a rejection, or a retry at the receiver's time
   * @throws HttpCallbackException if another attempt may do better
   * @throws InterruptedException if the thread was interrupted, but the attempt not asked to end
   */
  @Override
  public Object execute(HttpCallback callback, JobContext context) throws InterruptedException {
    context.throwIfCancelled();
    CallLimit limit = new CallLimit(ticker, options.totalTimeout(), context);
    List<CallbackTarget> allowed = allowedTo(context.tenant());
    String name = RequestBuilder.shown(callback);
    try {
      return ending(name, deliver(callback, context, allowed, limit), limit, context);
    } catch (InvalidJobException e) {
      return JobOutcome.reject(name + " was not called: " + e.getMessage());
    } catch (IOException | HttpException e) {
      throw failed(name, e, limit, context);
    }
  }

  private Answer deliver(
      HttpCallback callback, JobContext context, List<CallbackTarget> allowed, CallLimit limit)
      throws IOException, HttpException {
    CallbackUrl url = CallbackUrl.parse(callback.url());
    CallbackTarget target =
        allowed.stream()
            .filter(candidate -> candidate.allows(url))
            .findFirst()
            .orElseThrow(
                () -> new InvalidJobException("no target allows its scheme, host and port"));
    ClassicHttpRequest request = requests.of(callback, url, target, context);
    List<InetAddress> addresses = checkedAddresses(url, target);
    return new Call(url, target.tls().orElse(anonymousTls), options, limit).run(request, addresses);
  }

  private List<CallbackTarget> allowedTo(Optional<String> tenant) {
    List<CallbackTarget> own =
        Objects.requireNonNull(targetsByTenant.apply(tenant), "allowByTenant answered null");
    return Stream.concat(own.stream(), targets.stream()).toList();
  }

  private List<InetAddress> checkedAddresses(CallbackUrl url, CallbackTarget target)
      throws UnknownHostException {
    InetAddress literal = url.host().address();
    List<InetAddress> addresses =
        literal == null ? List.copyOf(lookup.addressesOf(url.host().text())) : List.of(literal);
    for (InetAddress address : addresses) {
      Optional<String> refusal = AddressRanges.refusal(address, target.networks());
      if (refusal.isPresent()) {
        throw new InvalidJobException(
            "its host has an address that is not public (" + refusal.get() + ")");
      }
    }
    return addresses;
  }

  private Object ending(String name, Answer answer, CallLimit limit, JobContext context) {
    int status = answer.status();
    log.debug(
        "Callback answered: job={} call={} status={} millis={}",
        context.jobId(),
        name,
        status,
        limit.millis());
    if (status >= 200 && status < 300) {
      return new HttpCallbackResult(
          status,
          limit.millis(),
          options.keepResponse() ? answer.text() : null,
          answer.truncated());
    }
    String answered = name + " answered " + status;
    if (status >= 500 || WORTH_RETRYING.contains(status)) {
      Duration asked =
          RetryAfter.parse(answer.retryAfter(), clock.instant(), options.maxRetryAfter());
      if (asked.isZero()) {
        throw HttpCallbackException.answered(answered, status);
      }
      return JobOutcome.retry(asked, answered);
    }
    return JobOutcome.reject(
        status >= 300 && status < 400 ? answered + ", and redirects are not followed" : answered);
  }

  /**
   * What to throw when there was no whole answer: the attempt was asked to end, or another may do
   * better. Java's own errors are told in full; those of the HTTP library may quote the receiver.
   */
  private static HttpCallbackException failed(
      String name, Exception error, CallLimit limit, JobContext context)
      throws InterruptedException {
    context.throwIfCancelled();
    if (Thread.interrupted()) {
      throw new InterruptedException(name + " was interrupted");
    }
    boolean own = error.getClass().getName().startsWith("java");
    return HttpCallbackException.unreached(
        name
            + " failed after "
            + limit.millis()
            + " ms: "
            + error.getClass().getSimpleName()
            + (own ? ": " + error.getMessage() : ""),
        own ? error : null);
  }

  /** Fills an executor. Not thread-safe. */
  public static final class Builder {
    private final List<CallbackTarget> targets = new ArrayList<>();
    private @Nullable Function<Optional<String>, List<CallbackTarget>> targetsByTenant;
    private CallbackOptions options = CallbackOptions.defaults();
    private AddressLookup lookup = AddressLookup.system();
    private InstantSource clock = InstantSource.system();
    private Ticker ticker = System::nanoTime;
    private RandomGenerator random = new SecureRandom();

    private Builder() {}

    /**
     * Allows targets to the jobs of everybody. If several allow one URL, the first decides about
     * networks, key and TLS.
     */
    public Builder allow(CallbackTarget... values) {
      targets.addAll(List.of(values));
      return this;
    }

    /**
     * Allows the targets that {@code value} names for a job's tenant, asked at every call and
     * before those of everybody. It must be thread-safe; what it throws fails the attempt.
     */
    public Builder allowByTenant(Function<Optional<String>, List<CallbackTarget>> value) {
      targetsByTenant = value;
      return this;
    }

    /** Sets how callbacks are made. */
    public Builder options(CallbackOptions value) {
      options = value;
      return this;
    }

    /** Sets who is asked for the addresses of names. */
    public Builder lookup(AddressLookup value) {
      lookup = value;
      return this;
    }

    /** Sets the clock that dates signatures and reads {@code Retry-After}; for tests. */
    public Builder clock(InstantSource value) {
      clock = value;
      return this;
    }

    /** Sets the ticker that measures calls; for tests. */
    public Builder ticker(Ticker value) {
      ticker = value;
      return this;
    }

    /** Sets the source of nonces; for tests. */
    public Builder random(RandomGenerator value) {
      random = value;
      return this;
    }

    /**
     * The executor.
     *
     * @throws InvalidJobException if nothing is allowed
     */
    public HttpCallbackExecutor build() {
      if (targets.isEmpty() && targetsByTenant == null) {
        throw new InvalidJobException(
            "Neither allow(..) nor allowByTenant(..) is set: no URL could be called");
      }
      return new HttpCallbackExecutor(this);
    }
  }
}
