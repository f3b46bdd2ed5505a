package dev.jobs4j.api;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The jobs that were given up and are kept until someone decides: look at them, mend them, run them
 * again, throw them away. Thread-safe.
 *
 * <p>Of every store of this client, or of the one of the queue that a filter names; a broker keeps
 * its own, which are not among them. Each act needs an {@link Operator} and leaves an {@link
 * AuditEntry} in the same transaction: there is the one if and only if there is the other.
 */
public interface DeadLetters {

  /**
   * The letters that match, in order of their ids, at most {@code limit}, starting behind {@code
   * after}; null starts at the first.
   *
   * @throws InvalidJobException if the limit is below 1, or a broker keeps the letters of the queue
   */
  List<DeadLetter> list(DeadLetterFilter filter, @Nullable JobId after, int limit);

  /**
   * The letters that match by cause, the most frequent cause first, at most {@code limit} causes.
   * Reads every letter that matches. Errors are those of {@link #list}.
   */
  List<DeadLetterGroup> groups(DeadLetterFilter filter, int limit);

  /** The letter of a job; empty if it is none (any more). */
  Optional<DeadLetter> find(JobId id);

  /** The failed attempts and crashes of a job in their order, those before a redrive too. */
  List<AttemptRecord> attempts(JobId id);

  /**
   * Gives a letter another payload of its type, checked, limited and encrypted like that of a new
   * job. It stays a dead letter. The steps that it has done are forgotten, since another payload
   * asks for others: run again, it does all of them.
   *
   * @return whether it was a dead letter
   * @throws InvalidJobException if {@code type} is not the letter's, or the payload is refused
   */
  <P> boolean edit(JobId id, JobType<P> type, P payload, Operator operator);

  /**
   * The same with bytes that the letter's codec has written, or a person in its format, in the
   * version of the letter. They are checked as a handler's payload is before it runs.
   *
   * @return whether it was a dead letter
   * @throws InvalidJobException if the payload is refused
   */
  boolean edit(JobId id, byte[] payload, Operator operator);

  /**
   * Makes one letter a pending job again, due at once: its attempts and crashes back at 0, without
   * an expiry, its token kept. It takes its unique key again.
   *
   * @return what became of it: in {@link Redriven#jobs}, in {@link Redriven#blocked}, or in neither
   *     if it is no dead letter (any more)
   */
  Redriven redrive(JobId id, Operator operator);

  /**
   * The same for the letters that match, in order of their ids and in transactions of at most 100,
   * so that a failure leaves some redriven. None is taken twice, also if it dies again meanwhile;
   * one that somebody else took meanwhile is in neither list. A letter that dies while this runs
   * may be left out. Errors are those of {@link #list}.
   */
  Redriven redrive(DeadLetterFilter filter, Redrive how, Operator operator);

  /** Deletes a letter with its attempts; returns whether it was one. */
  boolean discard(JobId id, Operator operator);

  /**
   * Deletes the letters that match with their attempts, at most {@code limit}, in transactions of
   * at most 100; returns how many. Errors are those of {@link #list}.
   */
  int discard(DeadLetterFilter filter, int limit, Operator operator);

  /**
   * The lines that stand still behind a dead letter, in order of their keys, at most {@code limit},
   * starting behind {@code after}; null starts at the first. A line of the same key in several
   * stores is listed once for each.
   *
   * @throws InvalidJobException if the limit is below 1
   */
  List<BlockedLine> blockedLines(@Nullable String after, int limit);

  /**
   * What was done, the latest first, at most {@code limit}, with numbers below {@code before}; a
   * null job means all. Kept as long as {@link Retention#audit} says, for ever unless set.
   *
   * @param before the number of the last entry of the page before; {@link Long#MAX_VALUE} starts at
   *     the latest
   * @throws InvalidJobException if the limit is below 1, or no job is named and there are several
   *     stores, whose numbers have no common order
   */
  List<AuditEntry> audit(@Nullable JobId job, long before, int limit);
}
