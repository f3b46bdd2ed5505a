package dev.jobs4j.core.internal.worker;

import dev.jobs4j.api.JobContext;
import dev.jobs4j.api.JobExecutor;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.api.schedule.Misfire;
import dev.jobs4j.api.schedule.Overlap;
import dev.jobs4j.api.schedule.Schedule;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.ScheduleDefinition;
import dev.jobs4j.spi.ScheduleStore;
import dev.jobs4j.spi.StoredSchedule;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A {@link World} with recurring jobs; it notes which firings have run, in order. */
final class RecurringWorld {

  static final String NAME = "recurring";

  final World world;
  final List<Instant> ran = new ArrayList<>();

  RecurringWorld(long seed) {
    world = new World(seed);
  }

  ScheduleStore schedules() {
    return world.store.schedules();
  }

  World.Node node() {
    return node(this::note);
  }

  World.Node node(JobExecutor<Object> handler) {
    return started(world.node(handler));
  }

  /** A node that does something else first each time when it is about to take steps. */
  World.Node node(Runnable beforeFire) {
    return started(world.node(this::note, store -> beforeFire(store, beforeFire)));
  }

  private static World.Node started(World.Node node) {
    node.renew();
    return node;
  }

  Object note(Object payload, JobContext context) {
    context.firing().ifPresent(ran::add);
    return payload;
  }

  StoredSchedule save(Schedule schedule, Misfire misfire, Overlap overlap) {
    return save(definition(schedule, misfire, overlap, Duration.ZERO), schedule);
  }

  StoredSchedule save(ScheduleDefinition definition, Schedule schedule) {
    return schedules().save(definition, schedule::next);
  }

  static ScheduleDefinition definition(
      Schedule schedule, Misfire misfire, Overlap overlap, Duration jitter) {
    NewJob job =
        NewJob.of(
            new JobId(new UUID(0, 0)),
            World.TYPE,
            World.QUEUE,
            new Payload("json", "\"p\"".getBytes(StandardCharsets.UTF_8)));
    return new ScheduleDefinition(
        NAME,
        schedule.spec(),
        schedule.zone().getId(),
        misfire.spec(),
        overlap.name(),
        jitter,
        null,
        false,
        job);
  }

  StoredSchedule stored() {
    return schedules().find(NAME).orElseThrow();
  }

  /** One round of a node: fires, and runs all that is due. */
  void round(World.Node node) {
    node.renew();
    node.fire();
    node.poll();
    node.handleAll();
    node.settle();
  }

  /** Rounds until that time has passed, one at each step. */
  void pass(World.Node node, Duration time, Duration step) {
    Instant end = world.now().plus(time);
    while (world.now().isBefore(end)) {
      world.advance(step);
      round(node);
    }
  }

  List<JobEvent.FiringsDropped> dropped() {
    return world.events(JobEvent.FiringsDropped.class);
  }

  private static JobStore beforeFire(JobStore store, Runnable action) {
    return seen(
        JobStore.class,
        (proxy, called, arguments) ->
            called.getName().equals("schedules")
                ? seen(ScheduleStore.class, firing(store.schedules(), action))
                : call(store, called, arguments));
  }

  private static InvocationHandler firing(ScheduleStore schedules, Runnable action) {
    return (proxy, called, arguments) -> {
      if (called.getName().equals("fire")) {
        action.run();
      }
      return call(schedules, called, arguments);
    };
  }

  private static Object call(Object target, java.lang.reflect.Method method, Object[] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static <T> T seen(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }
}
