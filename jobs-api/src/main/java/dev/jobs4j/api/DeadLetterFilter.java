package dev.jobs4j.api;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which dead letters are meant: those that match everything that was said. Immutable: each method
 * returns a changed copy.
 */
public final class DeadLetterFilter {

  private static final DeadLetterFilter ALL = new DeadLetterFilter(new Draft());

  private final Draft parts;

  private DeadLetterFilter(Draft parts) {
    this.parts = parts;
  }

  /** Every dead letter. */
  public static DeadLetterFilter all() {
    return ALL;
  }

  /** Of this queue. */
  public DeadLetterFilter queue(String name) {
    return queue(JobQueue.of(name));
  }

  /** Of this queue. */
  public DeadLetterFilter queue(JobQueue value) {
    return with(draft -> draft.queue = value);
  }

  /** Of this type, by the name under which the job was stored. */
  public DeadLetterFilter type(String value) {
    return with(draft -> draft.type = said("type", value));
  }

  /** On behalf of this tenant. */
  public DeadLetterFilter tenant(String value) {
    return with(draft -> draft.tenant = said("tenant", value));
  }

  /** Given up for this reason. */
  public DeadLetterFilter reason(DeadReason value) {
    return with(draft -> draft.reason = value);
  }

  /** Of this cause; see {@link Failure#fingerprint}. */
  public DeadLetterFilter fingerprint(String value) {
    return with(draft -> draft.fingerprint = said("fingerprint", value));
  }

  /** Whose last error is of exactly this class; the name is compared, subclasses are not it. */
  public DeadLetterFilter errorClass(String value) {
    return with(draft -> draft.errorClass = said("errorClass", value));
  }

  /** With this word among their tags. */
  public DeadLetterFilter tag(String value) {
    if (said("tag", value).indexOf(' ') >= 0) {
      throw new InvalidJobException("tag must have no blanks, was \"" + value + "\"");
    }
    return with(draft -> draft.tag = value);
  }

  /** Given up at this instant or later, by the store's clock, to the microsecond. */
  public DeadLetterFilter diedFrom(Instant value) {
    return with(draft -> draft.from = value.truncatedTo(ChronoUnit.MICROS));
  }

  /** Given up before this instant, by the store's clock, to the microsecond. */
  public DeadLetterFilter diedBefore(Instant value) {
    return with(draft -> draft.before = value.truncatedTo(ChronoUnit.MICROS));
  }

  private static String said(String part, String value) {
    if (value.isBlank() || value.indexOf('\0') >= 0) {
      throw new InvalidJobException(
          part + " of a dead letter filter must not be blank or hold NUL, was \"" + value + "\"");
    }
    return value;
  }

  private DeadLetterFilter with(Consumer<Draft> change) {
    Draft copy = new Draft(parts);
    change.accept(copy);
    return new DeadLetterFilter(copy);
  }

  /** The queue, if said. */
  public Optional<JobQueue> queue() {
    return Optional.ofNullable(parts.queue);
  }

  /** The type, if said. */
  public Optional<String> type() {
    return Optional.ofNullable(parts.type);
  }

  /** The tenant, if said. */
  public Optional<String> tenant() {
    return Optional.ofNullable(parts.tenant);
  }

  /** The reason, if said. */
  public Optional<DeadReason> reason() {
    return Optional.ofNullable(parts.reason);
  }

  /** The cause, if said. */
  public Optional<String> fingerprint() {
    return Optional.ofNullable(parts.fingerprint);
  }

  /** The class of the last error, if said. */
  public Optional<String> errorClass() {
    return Optional.ofNullable(parts.errorClass);
  }

  /** The tag, if said. */
  public Optional<String> tag() {
    return Optional.ofNullable(parts.tag);
  }

  /** The earliest death, if said. */
  public Optional<Instant> diedFrom() {
    return Optional.ofNullable(parts.from);
  }

  /** What the latest death comes before, if said. */
  public Optional<Instant> diedBefore() {
    return Optional.ofNullable(parts.before);
  }

  /** Whether a letter is meant. */
  public boolean matches(DeadLetter letter) {
    return is(parts.queue, letter.queue())
        && is(parts.type, letter.type())
        && is(parts.tenant, letter.tenant().orElse(null))
        && is(parts.reason, letter.reason())
        && is(parts.fingerprint, letter.fingerprint())
        && is(parts.errorClass, letter.failure().errorClass())
        && (parts.tag == null || letter.tags().contains(parts.tag))
        && (parts.from == null || !letter.diedAt().isBefore(parts.from))
        && (parts.before == null || letter.diedAt().isBefore(parts.before));
  }

  private static boolean is(@Nullable Object wanted, @Nullable Object found) {
    return wanted == null || wanted.equals(found);
  }

  /** The parts of a filter while a copy is made; changed by nobody afterwards. */
  private static final class Draft {
    private @Nullable JobQueue queue;
    private @Nullable String type;
    private @Nullable String tenant;
    private @Nullable DeadReason reason;
    private @Nullable String fingerprint;
    private @Nullable String errorClass;
    private @Nullable String tag;
    private @Nullable Instant from;
    private @Nullable Instant before;

    Draft() {}

    Draft(Draft other) {
      queue = other.queue;
      type = other.type;
      tenant = other.tenant;
      reason = other.reason;
      fingerprint = other.fingerprint;
      errorClass = other.errorClass;
      tag = other.tag;
      from = other.from;
      before = other.before;
    }
  }
}
