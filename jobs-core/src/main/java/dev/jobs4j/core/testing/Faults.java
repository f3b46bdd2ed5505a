package dev.jobs4j.core.testing;

import dev.jobs4j.api.JobContext;
import dev.jobs4j.api.JobInterceptor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is to go wrong, by type, one fault an attempt in the order they were asked for. The
 * innermost interceptor, so that to the others a fault looks like the handler's own doing. Keeps
 * the assertion errors that handlers throw: to the engine they are failed attempts like any other,
 * but a test must not stay green over them.
 */
final class Faults implements JobInterceptor {

  private final Map<String, Deque<JobInterceptor>> planned = new TreeMap<>();
  private final Set<Throwable> onPurpose = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<AssertionError> complaints = new ArrayList<>();

  void plan(String type, int times, JobInterceptor fault) {
    for (int i = 0; i < times; i++) {
      planned.computeIfAbsent(type, any -> new ArrayDeque<>()).add(fault);
    }
  }

  /** An error that a fault throws, not a handler. */
  void onPurpose(Throwable error) {
    onPurpose.add(error);
  }

  @Override
  public @Nullable Object around(JobContext context, Invocation next) throws Exception {
    Deque<JobInterceptor> faults = planned.getOrDefault(context.type(), new ArrayDeque<>());
    JobInterceptor fault = faults.poll();
    try {
      return fault == null ? next.proceed() : fault.around(context, next);
    } catch (AssertionError e) { // rethrown: the attempt fails as it would anywhere
      if (!onPurpose.contains(e)) {
        complaints.add(e);
      }
      throw e;
    }
  }

  /** Throws what a handler has asserted in vain since the last call, all in one. */
  void complain() {
    if (!complaints.isEmpty()) {
      AssertionError first = complaints.get(0);
      complaints.stream().skip(1).filter(e -> e != first).forEach(first::addSuppressed);
      complaints.clear();
      throw first;
    }
  }

  /** How many faults of each type have not met an attempt yet. */
  Map<String, Integer> left() {
    Map<String, Integer> left = new TreeMap<>();
    planned.forEach((type, faults) -> left.merge(type, faults.size(), Integer::sum));
    left.values().removeIf(n -> n == 0);
    return left;
  }
}
