package dev.jobs4j.core.internal.client;

import com.fasterxml.jackson.databind.JsonNode;
import dev.jobs4j.api.Due;
import dev.jobs4j.api.Durability;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobType;
import dev.jobs4j.api.LimitKey;
import dev.jobs4j.api.Priority;
import dev.jobs4j.api.UniqueKey;
import dev.jobs4j.core.internal.handler.Handler;
import dev.jobs4j.core.internal.payload.Sealing;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.NewJob;
import java.lang.reflect.Type;
import java.util.Set;

/** Refuses what a backend cannot do, before anything is stored, naming the alternative. */
final class Requirements {

  private Requirements() {}

  static void check(NewJob job, Durability durability, Backend backend, boolean inTransaction) {
    Set<Capability> able = backend.capabilities();
    boolean delayed = !(job.due() instanceof Due.In in) || !in.delay().isZero();
    require(job, able, Capability.DELAY, delayed, "delay and at");
    require(job, able, Capability.PRIORITY, job.priority() != Priority.NORMAL, "priority");
    UniqueKey key = job.uniqueKey();
    require(job, able, Capability.UNIQUE_KEY, key != null, "uniqueKey");
    boolean replaces = key != null && key.onConflict() != UniqueKey.OnConflict.KEEP;
    require(job, able, Capability.REPLACE, replaces, "replace and debounce");
    require(job, able, Capability.EXPIRY, job.expires() != null, "expireAfter and expireAt");
    boolean majority = durability == Durability.MAJORITY;
    require(job, able, Capability.MAJORITY, majority, "durability MAJORITY");
    require(job, able, Capability.TAGS, !job.tags().isEmpty(), "tags");
    require(job, able, Capability.LIMITS, !job.limits().isEmpty(), "limit");
    for (LimitKey limit : job.limits()) {
      if (!backend.knowsLimit(limit.limit())) {
        throw new InvalidJobException(
            "limit \""
                + limit.limit()
                + "\" is not known to the store of queue "
                + job.queue()
                + ": name it in limits(..) of the builder, or define it with limits().define(..):"
                + " type="
                + job.type());
      }
    }
    boolean waits = !job.parents().isEmpty();
    require(job, able, Capability.WAITING, waits, "after and afterEnd");
    require(job, able, Capability.ANY_END, !job.afterEnd().isEmpty(), "afterEnd");
    require(job, able, Capability.FIFO, job.fifo() != null, "fifo");
    require(job, able, Capability.TRANSACTIONAL_ENQUEUE, inTransaction, "in(transaction)");
    if (inTransaction && durability != Durability.DEFAULT) {
      throw new InvalidJobException(
          "durability "
              + durability
              + " cannot be had in a transaction of the caller, whose commit decides: type="
              + job.type());
    }
    if (replaces && waits) {
      throw new InvalidJobException(
          "replace and debounce cannot be had together with after or afterEnd: type=" + job.type());
    }
    if (replaces && Sealing.isSealed(job.payload())) { // it would not open under the holder's id
      throw new InvalidJobException(
          "replace and debounce cannot be had with encryption, which binds a payload to the id of"
              + " one job; leave the type out with EncryptionOptions.only: type="
              + job.type());
    }
  }

  private static void require(
      NewJob job, Set<Capability> able, Capability needed, boolean asked, String what) {
    if (asked && !able.contains(needed)) {
      throw new InvalidJobException(
          "The backend of queue "
              + job.queue()
              + " cannot do "
              + what
              + "; put the job into a queue that lives in a store which can: type="
              + job.type());
    }
  }

  /**
   * Of one class in two versions, one is wrong: payloads would be cast up that have that shape
   * already. A map or a tree may be any version.
   */
  static void checkVersion(JobType<?> type, Handler handler) {
    if (type.version() != handler.version()
        && type.payloadType().equals(handler.payloadType())
        && hasShape(type.payloadType())) {
      throw new InvalidJobException(
          "type %s has %s as version %d, %s takes it as version %d: make it"
                  .formatted(
                      type.name(),
                      type.payloadType().getTypeName(),
                      type.version(),
                      handler.origin(),
                      handler.version())
              + " JobType.of(..).version("
              + handler.version()
              + ") if that is what the class is");
    }
  }

  private static boolean hasShape(Type type) {
    return type instanceof Class<?> own
        && !own.isArray()
        && !own.getName().startsWith("java.")
        && !JsonNode.class.isAssignableFrom(own);
  }
}
