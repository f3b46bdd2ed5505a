package dev.jobs4j.spi;

/**
 * Says whether an encoded payload may be stored and run. Asked at enqueue, and again before a job
 * runs, because others may have written it; then also for what upcasters made of it. Thread-safe.
 */
public interface PayloadCheck {

  /**
   * Refuses what breaks a rule.
   *
   * @param type the registered name of the kind of job; an alias is told as the name it stands for,
   *     where its handler is known
   * @param version the version of the payload's shape
   * @param payload as its codec wrote it, never encrypted; it must not be changed
   * @throws dev.jobs4j.api.InvalidJobException if it breaks a rule; the message names the place and
   *     the rule, never the value. It refuses the enqueue; before a run it makes a dead letter
   */
  void check(String type, int version, Payload payload);
}
