package dev.jobs4j.spi;

/**
 * What a backend can do beyond taking a job and giving it out at least once. Asking for what is not
 * declared fails at enqueue with a message that names the alternative; nothing is silently ignored.
 */
public enum Capability {
  /** Joins a transaction of the caller. */
  TRANSACTIONAL_ENQUEUE,
  /** Starts a job no sooner than it is due. */
  DELAY,
  /** Claims the more urgent job first. */
  PRIORITY,
  /** Keeps a second job with the same unique key or id out. */
  UNIQUE_KEY,
  /** Puts a new payload into a waiting job that holds the unique key. */
  REPLACE,
  /** Gives up a job that has not started in time. */
  EXPIRY,
  /** Keeps a job on the greater part of several copies before an enqueue returns. */
  MAJORITY,
  /** Keeps the tags of a job. */
  TAGS,
  /** Keeps a job waiting for others. */
  WAITING,
  /** Keeps a job waiting for any end of others, and calls off what waits for a called off job. */
  ANY_END,
  /** Runs the jobs of a line one after the other. */
  FIFO,
  /** Stores the jobs that follow another in the transaction that accepts its success or death. */
  FOLLOW_UP,
  /** Starts nothing of a paused node, queue, type or tenant. */
  PAUSE,
  /** Keeps limits over all nodes, see {@link dev.jobs4j.api.JobLimits}. */
  LIMITS,
  /** Gives out the jobs of several tenants by turns, see {@link FairTurn}. */
  FAIR_SHARE,
  /** Calls off a waiting or running job from any node. */
  CANCEL,
  /** Answers questions about single jobs, also after their end. */
  RECORDS,
  /** Keeps what a running job writes down: the steps it has done, its progress and its log. */
  NOTES,
  /** Keeps recurring jobs, see {@link ScheduleStore}. */
  SCHEDULES,
  /** Hands jobs that have ended to an archive before it deletes them. */
  ARCHIVE,
  /** Orders its claims by a fencing token. */
  FENCING_TOKEN
}
