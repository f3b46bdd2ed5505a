package dev.jobs4j.core.memory;

import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.spi.KeptResult;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Results of many jobs read wrongly. */
final class ResultFaults {

  private ResultFaults() {}

  static List<Fault> all() {
    return List.of(
        reading("RESULT_OF_THE_FIRST_ALONE", found -> found.subList(0, Math.min(1, found.size()))),
        reading(
            "RESULTS_WITHOUT_VALUES",
            found ->
                found.stream()
                    .map(r -> new KeptResult(r.id(), r.type(), r.tenant(), r.state(), null))
                    .toList()),
        reading(
            "RESULTS_WITHOUT_TENANT",
            found ->
                found.stream()
                    .map(r -> new KeptResult(r.id(), r.type(), null, r.state(), r.value()))
                    .toList()),
        reading(
            "RESULTS_ALL_SUCCEEDED",
            found ->
                found.stream()
                    .map(
                        r ->
                            new KeptResult(
                                r.id(), r.type(), r.tenant(), JobState.SUCCEEDED, r.value()))
                    .toList()),
        reading(
            "RESULTS_OF_THE_DEAD_ARE_GONE",
            found -> found.stream().filter(r -> r.state() != JobState.DEAD).toList()));
  }

  private static Fault reading(String name, UnaryOperator<List<KeptResult>> change) {
    return Fault.recording(
        name,
        (store, records) ->
            new ForwardingRecords(records) {
              @Override
              public List<KeptResult> results(List<JobId> ids) {
                return change.apply(new ArrayList<>(super.results(ids)));
              }
            });
  }
}
