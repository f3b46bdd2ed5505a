package dev.jobs4j.api;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Jobs that wait for each other, stored at once by {@link JobClient#submit}. A step can only wait
 * for steps that were added before it, so there are no circles. Not thread-safe.
 *
 * <p>What becomes of the rest when a step dies, is cancelled or is deleted is said at {@link
 * JobRequest#after} and {@link JobRequest#afterEnd}.
 */
public final class Workflow {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,60}");

  private final List<Step> steps = new ArrayList<>();

  private Workflow() {}

  /** A workflow without steps. */
  public static Workflow create() {
    return new Workflow();
  }

  /** Each job runs after the one before it has succeeded. */
  public static Workflow chain(JobRequest<?>... requests) {
    Workflow workflow = create();
    Step last = null;
    for (JobRequest<?> request : requests) {
      Step next = workflow.add(request);
      last = last == null ? next : next.after(last);
    }
    return workflow;
  }

  /** One job for each item, all at once; say what comes then with {@link FanOut}. */
  public static <T> FanOut fanOut(
      Collection<? extends T> items, Function<? super T, ? extends JobRequest<?>> request) {
    Workflow workflow = create();
    for (T item : items) {
      workflow.add(request.apply(item));
    }
    return new FanOut(workflow);
  }

  /** Adds a job that waits for nobody yet. */
  public Step add(JobRequest<?> request) {
    Step step = new Step(steps.size(), request);
    steps.add(step);
    return step;
  }

  /** The same workflow with each request replaced by what {@code change} makes of it. */
  public Workflow map(UnaryOperator<JobRequest<?>> change) {
    Workflow changed = create();
    for (Step step : steps) {
      Step copy = changed.add(change.apply(step.request));
      step.after.forEach(other -> copy.after(changed.steps.get(other.index)));
      step.afterEnd.forEach(other -> copy.afterEnd(changed.steps.get(other.index)));
      copy.name = step.name;
    }
    return changed;
  }

  /** The steps in the order in which they were added. */
  public List<Step> steps() {
    return List.copyOf(steps);
  }

  /** One job of a workflow. */
  public final class Step {
    private final int index;
    private final JobRequest<?> request;
    private final Set<Step> after = new LinkedHashSet<>();
    private final Set<Step> afterEnd = new LinkedHashSet<>();
    private @Nullable String name;

    private Step(int index, JobRequest<?> request) {
      this.index = index;
      this.request = request;
    }

    /**
     * Gives the step a name, by which those that wait for it read what it left: {@link
     * JobContext#result(String, Class)}.
     *
     * @param value 1 to 60 of A-Z a-z 0-9 . _ -, once in a workflow
     */
    public Step named(String value) {
      if (!NAME.matcher(value).matches()) {
        throw new InvalidJobException(
            "name of a step must be 1 to 60 of A-Z a-z 0-9 . _ -, was \"" + value + "\"");
      }
      if (steps.stream().anyMatch(other -> other != this && value.equals(other.name))) {
        throw new InvalidJobException("two steps are named \"" + value + "\"");
      }
      name = value;
      return this;
    }

    /** Waits until all of these have succeeded. */
    public Step after(Step... others) {
      return wait(after, Arrays.asList(others));
    }

    /** Waits until all of these have ended, however they end. */
    public Step afterEnd(Step... others) {
      return wait(afterEnd, Arrays.asList(others));
    }

    private Step wait(Set<Step> list, List<Step> others) {
      for (Step other : others) {
        if (!other.isOf(Workflow.this) || other.index >= index) {
          throw new InvalidJobException(
              "a step can only wait for steps that were added to its workflow before it: type="
                  + request.type().name());
        }
        list.add(other);
      }
      return this;
    }

    private boolean isOf(Workflow workflow) {
      return workflow == Workflow.this;
    }

    /** Its place among the steps, from 0. */
    public int index() {
      return index;
    }

    /** Its name, if it was given one. */
    public Optional<String> name() {
      return Optional.ofNullable(name);
    }

    /** What is enqueued. */
    public JobRequest<?> request() {
      return request;
    }

    /** The steps that must succeed first. */
    public Set<Step> after() {
      return Set.copyOf(after);
    }

    /** The steps that must have ended first. */
    public Set<Step> afterEnd() {
      return Set.copyOf(afterEnd);
    }
  }

  /** Many jobs at once, and what comes after the last of them. */
  public static final class FanOut {
    private final Workflow workflow;

    private FanOut(Workflow workflow) {
      this.workflow = workflow;
    }

    /** Nothing comes after them. */
    public Workflow only() {
      return workflow;
    }

    /** Then runs this job once, when all of them have succeeded. */
    public Workflow then(JobRequest<?> request) {
      Step[] all = workflow.steps.toArray(Step[]::new);
      workflow.add(request).after(all);
      return workflow;
    }

    /** Then runs this job once, when all of them have ended, dead and cancelled ones included. */
    public Workflow thenAnyway(JobRequest<?> request) {
      Step[] all = workflow.steps.toArray(Step[]::new);
      workflow.add(request).afterEnd(all);
      return workflow;
    }
  }
}
