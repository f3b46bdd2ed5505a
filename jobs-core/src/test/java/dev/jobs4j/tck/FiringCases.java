package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobState;
import dev.jobs4j.api.schedule.SchedulePause;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.ScheduleFiring;
import dev.jobs4j.spi.SchedulePosition;
import dev.jobs4j.spi.StoredSchedule;
import dev.jobs4j.spi.StoredSchedule.LastRun;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Each step of a recurring job is taken once, whole, and by one of those who would take it. */
abstract class FiringCases extends RecurringCases {

  private StoredSchedule dueOne(String name) {
    save(name);
    advance(HOUR);
    return schedules().due(100).stream()
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** A job as an engine makes it for a firing. */
  private static NewJob job(UUID id) {
    return NewJobs.job().repeatable(new JobId(id)).build();
  }

  private static NewJob keyed() {
    return NewJobs.job().repeatable(new JobId(UUID.randomUUID())).key("of a").build();
  }

  @Test
  void aStepEnqueuesItsJobsAndMovesOn() {
    StoredSchedule one = dueOne("a");
    NewJob job = job(UUID.randomUUID());

    assertThat(fire(firing(one, job))).containsExactly(new Enqueued.Created(job.id()));

    assertThat(claimOne(engine()).id()).isEqualTo(job.id());
    StoredSchedule after = stored("a");
    assertThat(after.position()).isEqualTo(firing(one).then());
    assertThat(after.lastRun()).isEqualTo(new LastRun(job.id(), true, null));
    assertThat(after.revision()).isNotEqualTo(one.revision());
    assertThat(due()).isEmpty();
  }

  @Test
  void aStepWithoutJobsKeepsTheLastRun() {
    StoredSchedule one = dueOne("a");
    NewJob job = job(UUID.randomUUID());
    fire(firing(one, job));

    assertThat(fire(firing(stored("a")))).isEmpty();

    assertThat(stored("a").lastRun()).isEqualTo(new LastRun(job.id(), true, null));
  }

  @Test
  void manyStepsAreTakenAtOnce() {
    StoredSchedule a = dueOne("a");
    StoredSchedule b = dueOne("b");
    NewJob first = job(UUID.randomUUID());
    NewJob second = job(UUID.randomUUID());
    NewJob third = job(UUID.randomUUID());

    Map<String, List<Enqueued>> taken =
        schedules().fire(List.of(firing(b, third), firing(a, first, second)));

    assertThat(taken.get("a"))
        .containsExactly(new Enqueued.Created(first.id()), new Enqueued.Created(second.id()));
    assertThat(taken.get("b")).containsExactly(new Enqueued.Created(third.id()));
    assertThat(stored("a").lastRun().id()).isEqualTo(second.id());
    assertThat(stored("b").lastRun().id()).isEqualTo(third.id());
  }

  @Test
  void aStepIsTakenOnce() {
    StoredSchedule one = dueOne("a");
    fire(firing(one, job(UUID.randomUUID())));
    NewJob again = job(UUID.randomUUID());

    assertThat(schedules().fire(List.of(firing(one, again)))).isEmpty();

    assertThat(records().find(again.id())).isEmpty();
    assertThat(claim(engine(), 10)).hasSize(1);
  }

  @Test
  void aStepOfOneThatWasPausedMeanwhileDoesNothing() {
    StoredSchedule one = dueOne("a");
    schedules().pause("a", SchedulePause.of("anna", ""));
    NewJob job = job(UUID.randomUUID());

    assertThat(schedules().fire(List.of(firing(one, job)))).isEmpty();

    assertThat(records().find(job.id())).isEmpty();
    assertThat(stored("a").isPaused()).isTrue();
  }

  @Test
  void aStepOfOneThatWasDeletedMeanwhileDoesNothing() {
    StoredSchedule one = dueOne("a");
    schedules().delete("a");
    NewJob job = job(UUID.randomUUID());

    assertThat(schedules().fire(List.of(firing(one, job)))).isEmpty();

    assertThat(records().find(job.id())).isEmpty();
    assertThat(schedules().find("a")).isEmpty();
  }

  @Test
  void aStepOfOneThatWasSavedAnewMeanwhileDoesNothing() {
    StoredSchedule one = dueOne("a");
    schedules().delete("a");
    advance(Duration.ofSeconds(1));
    StoredSchedule anew = save("a");
    NewJob job = job(UUID.randomUUID());

    assertThat(schedules().fire(List.of(firing(one, job)))).isEmpty();

    assertThat(records().find(job.id())).isEmpty();
    assertThat(stored("a").position()).isEqualTo(anew.position());
  }

  @Test
  void aRefusedJobRefusesAllSteps() {
    StoredSchedule a = dueOne("a");
    StoredSchedule b = dueOne("b");
    NewJob good = job(UUID.randomUUID());
    NewJob bad = NewJobs.job().after(new JobId(UUID.randomUUID())).build();

    assertThatThrownBy(() -> schedules().fire(List.of(firing(a, good), firing(b, bad))))
        .isInstanceOf(InvalidJobException.class);

    assertThat(records().find(good.id())).isEmpty();
    assertThat(stored("a").revision()).isEqualTo(a.revision());
    assertThat(stored("a").position()).isEqualTo(a.position());
  }

  @Test
  void aFiringThatRanBeforeIsNotRunAgain() {
    StoredSchedule one = dueOne("a");
    UUID id = UUID.randomUUID();
    fire(firing(one, job(id)));
    settled(claimOne(engine()), succeeded());
    schedules().delete("a");
    StoredSchedule anew = save("a");

    assertThat(fire(firing(anew, job(id)))).containsExactly(new Enqueued.Existing(new JobId(id)));

    assertThat(claim(engine(), 10)).isEmpty();
    assertThat(stored("a").lastRun().underWay()).isFalse();
  }

  @Test
  void aRunThatIsKeptOutPutsItWhereTheStepSays() {
    StoredSchedule one = dueOne("a");
    NewJob holder = keyed();
    insert(holder);
    Instant soon = one.asOf().plusSeconds(5);
    SchedulePosition held = new SchedulePosition(soon, soon, one.asOf(), null);
    ScheduleFiring firing = firing(one, keyed());

    List<Enqueued> answers =
        fire(new ScheduleFiring("a", firing.revision(), firing.jobs(), firing.then(), held));

    assertThat(answers).containsExactly(new Enqueued.Existing(holder.id()));
    assertThat(stored("a").position()).isEqualTo(held);
    assertThat(stored("a").lastRun()).isEqualTo(new LastRun(holder.id(), true, null));
  }

  @Test
  void aRunThatIsKeptOutMovesOnIfNothingElseIsSaid() {
    StoredSchedule one = dueOne("a");
    insert(keyed());
    ScheduleFiring firing = firing(one, keyed());

    fire(firing);

    assertThat(stored("a").position()).isEqualTo(firing.then());
  }

  @Test
  void aRunThatIsNotKeptOutNeverWaits() {
    StoredSchedule one = dueOne("a");
    ScheduleFiring firing = firing(one, keyed());
    SchedulePosition held = new SchedulePosition(null, one.asOf(), one.asOf(), null);

    fire(new ScheduleFiring("a", firing.revision(), firing.jobs(), firing.then(), held));

    assertThat(stored("a").position()).isEqualTo(firing.then());
  }

  @Test
  void theEndOfARunIsTold() {
    StoredSchedule one = dueOne("a");
    NewJob job = job(UUID.randomUUID());
    fire(firing(one, job));
    LeasedJob running = claimOne(engine());
    settled(running, retry());
    assertThat(stored("a").lastRun().underWay()).as("waits for a retry").isTrue();
    settled(claimOne(engine()), succeeded());

    assertThat(stored("a").lastRun())
        .isEqualTo(new LastRun(job.id(), false, job(job.id()).finishedAt().orElseThrow()));
  }

  @Test
  void aDeadRunHasEndedToo() {
    StoredSchedule one = dueOne("a");
    NewJob job = NewJobs.job().repeatable(new JobId(UUID.randomUUID())).maxAttempts(1).build();
    fire(firing(one, job));
    settled(claimOne(engine()), retry());
    assertThat(state(job.id())).isEqualTo(JobState.DEAD);

    assertThat(stored("a").lastRun())
        .isEqualTo(new LastRun(job.id(), false, job(job.id()).finishedAt().orElseThrow()));
  }

  @Test
  void aRunOfWhichNothingIsKeptHasEnded() {
    StoredSchedule one = dueOne("a");
    NewJob job = job(UUID.randomUUID());
    fire(firing(one, job));
    settled(claimOne(engine()), succeeded());
    records().delete(job.id());

    assertThat(stored("a").lastRun()).isEqualTo(new LastRun(job.id(), false, null));
  }

  @Test
  void aStepEndsAPause() {
    save("a");
    schedules().pause("a", SchedulePause.of("anna", "").until(storeNow().plus(HOUR)));
    advance(HOUR.plusMinutes(1));

    fire(firing(stored("a")));

    assertThat(stored("a").pause()).isNull();
  }

  @Test
  void ofTwoWhoTakeAStepOneDoes() throws Exception {
    JobStore other = open();
    rounds(
        () -> {
          schedules().delete("a");
          StoredSchedule one = dueOne("a");
          NewJob mine = NewJobs.job().build();
          NewJob theirs = NewJobs.job().build();
          List<Map<String, List<Enqueued>>> taken =
              Race.all(
                  List.of(
                      () -> schedules().fire(List.of(firing(one, mine))),
                      () -> other.schedules().fire(List.of(firing(one, theirs)))));

          assertThat(taken.stream().filter(map -> map.containsKey("a"))).hasSize(1);
          assertThat(records().find(mine.id()).isPresent())
              .isNotEqualTo(records().find(theirs.id()).isPresent());
        });
  }

  @Test
  void ofTwoWhoSaveANewOneBothFindIt() throws Exception {
    JobStore other = open();
    rounds(
        () -> {
          schedules().delete("a");
          List<StoredSchedule> saved =
              Race.all(
                  List.of(
                      () -> schedules().save(definition("a", HOURLY), HOURLY::next),
                      () -> other.schedules().save(definition("a", HOURLY), HOURLY::next)));

          assertThat(saved)
              .extracting(StoredSchedule::revision)
              .containsOnly(stored("a").revision());
        });
  }
}
