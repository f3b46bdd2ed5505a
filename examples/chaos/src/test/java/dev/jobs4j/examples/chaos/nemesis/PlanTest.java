package dev.jobs4j.examples.chaos.nemesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.examples.chaos.cluster.Cluster;
import dev.jobs4j.examples.chaos.nemesis.Plan.Step;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlanTest {

  private static List<Step> steps(Plan plan) {
    return plan.rounds().stream().flatMap(r -> r.tracks().stream()).flatMap(List::stream).toList();
  }

  private static long count(Plan plan, Fault fault) {
    return steps(plan).stream().filter(step -> step.fault() == fault).count();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aPlanHasWhatItsSizeAsksFor(long seed) {
    Size size = Size.smoke();
    Plan plan = Plan.of(size, seed);

    assertThat(count(plan, Fault.KILL)).isEqualTo(size.kills());
    assertThat(count(plan, Fault.FREEZE)).isEqualTo(size.freezes());
    assertThat(count(plan, Fault.DATABASE_KILL)).isEqualTo(size.databaseKills());
    assertThat(count(plan, Fault.CUT)).isGreaterThan(size.cuts());
    assertThat(steps(plan).stream().filter(step -> step.fault().isPartition()))
        .hasSizeGreaterThanOrEqualTo(size.partitions());
    for (Fault fault : Fault.values()) {
      if (!fault.isPartition()) {
        assertThat(count(plan, fault)).as(fault.name()).isPositive();
      }
    }
  }

  @Test
  void theSameSeedIsTheSamePlanAndAnotherIsNot() {
    assertThat(Plan.of(Size.smoke(), 7)).isEqualTo(Plan.of(Size.smoke(), 7));
    assertThat(Plan.of(Size.smoke(), 7)).isNotEqualTo(Plan.of(Size.smoke(), 8));
  }

  @Test
  void eachRoundSparesOneWorker() {
    for (Plan.Round round : Plan.of(Size.smoke(), 7).rounds()) {
      assertThat(
              round.tracks().stream()
                  .flatMap(List::stream)
                  .filter(step -> step.fault().reach() != Fault.Reach.SERVER)
                  .filter(step -> !step.fault().breaksConnections())
                  .map(Step::target)
                  .filter(target -> target < Cluster.WORKERS)
                  .collect(Collectors.toSet()))
          .hasSizeLessThan(Cluster.WORKERS);
    }
  }

  @Test
  void aFrozenWorkerStandsStillForMoreThanItsLease() {
    assertThat(steps(Plan.of(Size.nightly(), 7)))
        .filteredOn(step -> step.fault() == Fault.FREEZE)
        .allSatisfy(step -> assertThat(step.millis()).isBetween(7_500L, 25_000L));
  }

  @Test
  void theNightHasManyTimesMore() {
    assertThat(Size.nightly().kills()).isEqualTo(300);
    assertThat(Size.nightly().jobs()).isEqualTo(500_000);
    assertThat(Size.minutes(1).rounds()).isEqualTo(1);
    assertThatThrownBy(() -> Size.minutes(0)).hasMessageContaining("--minutes must be >= 1, was 0");
  }
}
