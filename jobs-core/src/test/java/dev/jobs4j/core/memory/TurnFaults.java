package dev.jobs4j.core.memory;

import dev.jobs4j.api.JobState;
import dev.jobs4j.api.Priority;
import dev.jobs4j.spi.ClaimRequest;
import dev.jobs4j.spi.FairTurn;
import dev.jobs4j.spi.LeasedJob;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Wrong turns. */
final class TurnFaults {

  private TurnFaults() {}

  static List<Fault> all() {
    return List.of(
        turning("TURNS_IGNORED", turn -> null),
        turning("ROUNDS_BEGIN_ANEW", turn -> FairTurn.first(turn.weights())),
        turning(
            "REST_OF_THE_ROUND_FORGOTTEN", turn -> new FairTurn(turn.tenant(), 0, turn.weights())),
        turning("WEIGHTS_IGNORED", turn -> new FairTurn(turn.tenant(), turn.left(), Map.of())),
        turning(
            "TURN_OF_THE_NEXT",
            turn -> new FairTurn(turn.tenant() + "\uffff", turn.left(), turn.weights())),
        Fault.claimingBy(
            "NO_TURNS_BEHIND_A_KEY",
            (store, r) -> r.turn() != null && anyBehindAKey(store) ? turning(r, turn -> null) : r),
        handing("NOBODY_HAS_NO_TURN", TurnFaults::withoutNobody),
        handing("TURNS_BY_AGE_ALONE", jobs -> sorted(jobs, Comparator.comparing(LeasedJob::age))),
        Fault.claimingNothing(
            "ABSENT_TENANT_HOLDS_THE_ROUND_UP",
            (store, r) -> r.turn() != null && isAbsent(store, r.turn())),
        Fault.claimingNothing(
            "UNKNOWN_OR_LATE_JOBS_HOLD_THE_ROUND_UP",
            (store, r) -> r.turn() != null && anyNotClaimable(store, r)),
        Fault.claimingBy(
            "TURNS_GO_BEYOND_SUSPECTS",
            (store, r) -> r.turn() == null ? r : manySuspects(store, r)),
        Fault.inserting(
            "PRIORITIES_LOST_IN_TURNS",
            (store, jobs) ->
                jobs.stream()
                    .map(
                        job ->
                            Fault.changed(
                                job,
                                draft -> {
                                  if (draft.tenant != null) {
                                    draft.priority = Priority.NORMAL;
                                  }
                                }))
                    .toList()));
  }

  private static Fault turning(String name, UnaryOperator<@Nullable FairTurn> change) {
    return Fault.claimingBy(name, (store, r) -> turning(r, change));
  }

  private static ClaimRequest turning(ClaimRequest r, UnaryOperator<@Nullable FairTurn> change) {
    return r.turn() == null
        ? r
        : new ClaimRequest(
            r.engine(),
            r.claimId(),
            r.queue(),
            r.types(),
            r.limit(),
            r.ahead(),
            r.suspect(),
            change.apply(r.turn()));
  }

  private static boolean anyBehindAKey(ForwardingStore store) {
    return store.rows(JobState.PENDING).stream().anyMatch(row -> row.parkedOn != null);
  }

  private static Fault handing(String name, UnaryOperator<List<LeasedJob>> change) {
    return new Fault(
        name,
        good ->
            new ForwardingStore(good) {
              @Override
              public List<LeasedJob> claim(ClaimRequest request) {
                List<LeasedJob> jobs = super.claim(request);
                return request.turn() == null ? jobs : change.apply(jobs);
              }
            });
  }

  private static List<LeasedJob> withoutNobody(List<LeasedJob> jobs) {
    return jobs.stream().filter(job -> job.tenant() != null).toList();
  }

  private static List<LeasedJob> sorted(List<LeasedJob> jobs, Comparator<LeasedJob> order) {
    List<LeasedJob> sorted = new ArrayList<>(jobs);
    sorted.sort(
        order
            .thenComparing(job -> job.tenant() == null ? "" : job.tenant())
            .thenComparing(LeasedJob::id));
    return sorted;
  }

  private static boolean isAbsent(ForwardingStore store, FairTurn turn) {
    return turn.left() > 0
        && !turn.tenant().isEmpty()
        && store.rows(JobState.PENDING).stream()
            .noneMatch(row -> row.tenant().equals(turn.tenant()));
  }

  private static boolean anyNotClaimable(ForwardingStore store, ClaimRequest request) {
    return store.rows(JobState.PENDING).stream()
        .anyMatch(
            row ->
                row.job.tenant() != null
                    && (row.runAt > store.store.now()
                        || !request.types().containsKey(row.job.type())));
  }

  private static ClaimRequest manySuspects(ForwardingStore store, ClaimRequest request) {
    store.rows(JobState.PENDING).stream()
        .filter(row -> row.suspect)
        .forEach(
            row -> {
              store.store.tables().supersede(row);
              Row other = row.again();
              other.suspect = false;
              store.store.tables().replace(row, other, row.createdAt);
            });
    return request;
  }
}
