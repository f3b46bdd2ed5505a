package dev.jobs4j.core.memory;

import static dev.jobs4j.core.memory.Fault.keeping;

import dev.jobs4j.api.Due;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.ClaimRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Wrong expiries. */
final class ExpiryFaults {

  private ExpiryFaults() {}

  static List<Fault> all() {
    Duration hour = Duration.ofHours(1);
    return List.of(
        keeping("EXPIRY_IGNORED", job -> job.expires = null),
        keeping(
            "EXPIRY_INVENTED",
            job -> job.expires = job.expires == null ? new Due.In(hour) : job.expires),
        keeping(
            "EXPIRY_HALVED",
            job -> {
              if (job.expires instanceof Due.In in) {
                job.expires = new Due.In(in.delay().dividedBy(3));
              }
            }),
        keeping(
            "EXPIRY_INSTANTS_LOST",
            job -> job.expires = job.expires instanceof Due.At ? null : job.expires),
        expiring("EXPIRED_TOO_SOON", ExpiryFaults::tooSoon),
        expiring("EXPIRED_ARE_NEVER_GIVEN_UP", (store, limit) -> List.of()),
        expiring("EXPIRY_WITHOUT_LIMIT", (store, limit) -> store.store.expire(1_000)),
        expiring("EXPIRED_ARE_NAMED_BY_THEIR_TOKENS", ExpiryFaults::byToken),
        expiring("EXPIRED_ARE_NOT_NAMED", (store, limit) -> unnamed(store, limit)),
        expiring("EXPIRED_ARE_NAMED_AGAIN", ExpiryFaults::namedAgain),
        expiring("EXPIRED_ARE_CANCELLED", ExpiryFaults::cancelled),
        expiring("WAITING_DO_NOT_EXPIRE", ExpiryFaults::notWaiting),
        expiring("RUNNING_EXPIRE", ExpiryFaults::running),
        Fault.requeued("REQUEUE_KEEPS_THE_EXPIRY", ExpiryFaults::expireAgain),
        Fault.claimingNothing("EXPIRED_FILL_THE_PAGE", ExpiryFaults::pageIsExpired));
  }

  private interface Expiring {
    List<JobId> expire(ForwardingStore store, int limit);
  }

  private static Fault expiring(String name, Expiring expiring) {
    return new Fault(
        name,
        good ->
            new ForwardingStore(good) {
              @Override
              public List<JobId> expire(int limit) {
                return expiring.expire(this, limit);
              }
            });
  }

  private static List<JobId> unnamed(ForwardingStore store, int limit) {
    store.store.expire(limit);
    return List.of();
  }

  private static List<JobId> namedAgain(ForwardingStore store, int limit) {
    store.store.expire(limit);
    return store.rows(JobState.DEAD).stream().map(Row::id).toList();
  }

  private static List<JobId> cancelled(ForwardingStore store, int limit) {
    List<JobId> ids = store.store.expire(limit);
    ids.forEach(id -> store.touch(id, row -> row.state = JobState.CANCELLED));
    return ids;
  }

  private static List<JobId> notWaiting(ForwardingStore store, int limit) {
    boolean waiting =
        store.rows(JobState.PENDING).stream()
            .anyMatch(row -> row.isWaiting() && row.isExpired(store.store.now()));
    return waiting ? List.of() : store.store.expire(limit);
  }

  private static List<JobId> running(ForwardingStore store, int limit) {
    for (Row row : store.rows(JobState.RUNNING)) {
      if (row.isExpired(store.store.now())) {
        store.touch(row.id(), r -> r.token++);
        return List.of(row.id());
      }
    }
    return store.store.expire(limit);
  }

  private static void expireAgain(ForwardingStore store, Row row) {
    if (row.lastFailure != null && row.lastFailure.errorClass().equals("Expired")) {
      store.store.tables().supersede(row);
      Row again = row.changed(row.job, row.runAt, store.store.now());
      store.store.tables().replace(row, again, row.createdAt);
    }
  }

  private static boolean pageIsExpired(ForwardingStore store, ClaimRequest request) {
    return store.rows(JobState.PENDING).stream()
            .filter(row -> row.isExpired(store.store.now()))
            .count()
        > request.limit();
  }

  private static List<JobId> tooSoon(ForwardingStore store, int limit) {
    List<Row> early =
        store.rows(JobState.PENDING).stream()
            .filter(row -> row.expiresAt != Micros.NEVER && !row.isWaiting())
            .limit(limit)
            .toList();
    early.forEach(
        row -> store.touch(row.id(), r -> store.store.burials().expire(r, store.store.now())));
    return early.stream().map(Row::id).toList();
  }

  private static List<JobId> byToken(ForwardingStore store, int limit) {
    List<JobId> named = new ArrayList<>();
    for (JobId id : store.store.expire(limit)) {
      Row row = store.row(id);
      long times = row == null ? 1 : Math.max(1, row.token);
      for (int i = 0; i < times; i++) {
        named.add(id);
      }
    }
    return named;
  }
}
