package dev.jobs4j.core.internal.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.JobId;
import java.time.Instant;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JobIdsTest {

  private Instant now = Instant.parse("2026-11-21T10:15:30.123Z");
  private final JobIds ids = new JobIds(() -> now, new Random(42)::nextLong);

  @Test
  void idsAreVersion7AndCarryTheTime() {
    JobId id = ids.next();
    assertThat(id.value().version()).isEqualTo(7);
    assertThat(id.value().variant()).isEqualTo(2);
    assertThat(id.value().getMostSignificantBits() >>> 16).isEqualTo(now.toEpochMilli());
  }

  @Test
  void idsGrowWithinAMillisecondAndWhenTheClockStepsBack() {
    JobId last = ids.next();
    Set<JobId> seen = new HashSet<>();
    for (int i = 0; i < 20_000; i++) {
      if (i == 10_000) {
        now = now.minusSeconds(3600);
      }
      JobId next = ids.next();
      assertThat(next).isGreaterThan(last);
      assertThat(seen.add(next)).isTrue();
      last = next;
    }
  }

  @Test
  void idsThatAreMadeTogetherFollowEachOther() {
    JobId before = ids.next();
    JobId first = ids.next(10_000);
    JobId last = before;
    for (int i = 0; i < 10_000; i++) {
      JobId next = JobIds.nth(first, i);
      assertThat(next).isGreaterThan(last);
      assertThat(next.value().version()).isEqualTo(7);
      assertThat(next.value().variant()).isEqualTo(2);
      last = next;
    }
    assertThat(JobIds.nth(first, 0)).isEqualTo(first);
    assertThat(JobIds.nth(JobIds.nth(first, 17), 4_000)).isEqualTo(JobIds.nth(first, 4_017));
    assertThat(ids.next()).isGreaterThan(last);
    JobId foreign = JobId.parse("ffffffff-ffff-ffff-ffff-ffffffffffff");
    assertThat(JobIds.nth(foreign, 0)).isEqualTo(foreign);
  }

  @Test
  void theTextFormSortsLikeTheId() {
    JobId first = ids.next();
    now = now.plusMillis(1);
    JobId second = ids.next();
    assertThat(first.toString()).isLessThan(second.toString());
    assertThat(JobId.parse(first.toString())).isEqualTo(first);
  }
}
