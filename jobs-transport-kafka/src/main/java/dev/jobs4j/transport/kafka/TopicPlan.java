package dev.jobs4j.transport.kafka;

import dev.jobs4j.api.JobQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Names the topics of each queue: {@code orders}, {@code orders.<group>.retry.<tier>} and {@code
 * orders.<group>.dlq}.
 *
 * <p>The rule of the tiers: a job that is to wait goes to the smallest tier that is at least as
 * long as its wait, with its exact due time; one that waits longer than the largest goes there and
 * moves on when that tier's time is over. Nothing stays at the head of a tier longer than the
 * tier's delay after it was written, so a job starts no sooner than it is due and, while there are
 * free slots, at the latest one tier's delay after it was handed over.
 */
final class TopicPlan {
  private final String groupId;
  private final List<Duration> tiers;
  private final Map<String, JobQueue> consumed = new HashMap<>();
  private final Set<JobQueue> queues;

  TopicPlan(String groupId, Set<JobQueue> queues, List<Duration> tiers) {
    this.groupId = groupId;
    this.queues = queues;
    this.tiers = tiers;
    for (JobQueue queue : queues) {
      for (String topic : topics(queue)) {
        consumed.put(topic, queue);
      }
    }
  }

  /** Refuses names that mean two things; the longest just fits into the 249 that Kafka allows. */
  void check() {
    Set<String> seen = new HashSet<>();
    for (String topic : all()) {
      // Kafka keeps '.' and '_' apart in names but not in its metrics, and refuses the second.
      if (!seen.add(topic.replace('_', '.'))) {
        throw new IllegalArgumentException(
            "queues must not share topics, but two of them need one called " + topic);
      }
    }
  }

  /** Every topic, those of dead letters included; one that two queues need appears twice. */
  List<String> all() {
    List<String> all = new ArrayList<>();
    for (JobQueue queue : queues) {
      all.addAll(topics(queue));
      all.add(deadLetters(queue));
    }
    return all;
  }

  /** The topics that jobs of a queue are consumed from. */
  List<String> topics(JobQueue queue) {
    List<String> topics = new ArrayList<>();
    topics.add(queue.name());
    for (Duration tier : tiers) {
      topics.add(retry(queue, tier));
    }
    return topics;
  }

  /** The queue that a consumed topic belongs to. */
  JobQueue queueOf(String topic) {
    JobQueue queue = consumed.get(topic);
    if (queue == null) {
      throw new IllegalArgumentException("Not a topic of this transport: " + topic);
    }
    return queue;
  }

  /** Whether a consumed topic is one where records wait. */
  boolean isRetry(String topic) {
    return !queueOf(topic).name().equals(topic);
  }

  /** The tier for a wait of {@code delay}: the smallest that is as long, else the largest. */
  Duration tier(Duration delay) {
    for (Duration tier : tiers) {
      if (tier.compareTo(delay) >= 0) {
        return tier;
      }
    }
    return tiers.get(tiers.size() - 1);
  }

  String retry(JobQueue queue, Duration tier) {
    return queue.name() + "." + groupId + ".retry." + label(tier);
  }

  String deadLetters(JobQueue queue) {
    return queue.name() + "." + groupId + ".dlq";
  }

  /** The largest whole unit: 500ms, 30s, 2m, 1h. */
  private static String label(Duration tier) {
    long ms = tier.toMillis();
    if (ms % 1000 != 0) {
      return ms + "ms";
    }
    long s = ms / 1000;
    if (s % 60 != 0) {
      return s + "s";
    }
    return s % 3600 != 0 ? s / 60 + "m" : s / 3600 + "h";
  }
}
