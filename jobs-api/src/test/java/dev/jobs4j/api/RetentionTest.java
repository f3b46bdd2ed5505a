package dev.jobs4j.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RetentionTest {

  private static final JobQueue MAIL = JobQueue.of("mail");
  private static final Duration DAY = Duration.ofDays(1);

  @Test
  void byDefaultOnlyWhatNobodyMissesGoes() {
    Retention defaults = Retention.defaults();
    assertThat(defaults.ageOf(JobState.SUCCEEDED)).isEqualTo(Duration.ofDays(7));
    assertThat(defaults.ageOf(JobState.CANCELLED)).isEqualTo(Duration.ofDays(7));
    assertThat(defaults.ageOf(JobState.DEAD)).isEqualTo(Retention.FOREVER);
    assertThat(defaults.audit()).isEqualTo(Retention.FOREVER);
    assertThat(defaults.endsAttempts()).isFalse();
  }

  @Test
  void aQueueSaysOnlyWhatDiffers() {
    Retention retention =
        Retention.of(DAY)
            .keep("mail", JobState.DEAD, DAY.multipliedBy(90))
            .keep("mail", JobState.CANCELLED, Duration.ZERO);
    assertThat(retention.ageOf(MAIL, JobState.DEAD)).isEqualTo(DAY.multipliedBy(90));
    assertThat(retention.ageOf(MAIL, JobState.CANCELLED)).isZero();
    assertThat(retention.ageOf(MAIL, JobState.SUCCEEDED)).isEqualTo(DAY);
    assertThat(retention.ageOf(JobQueue.of("other"), JobState.DEAD)).isEqualTo(Retention.FOREVER);
  }

  @Test
  void attemptsEndByNumberOrByAge() {
    assertThat(Retention.defaults().keepAttempts(3).endsAttempts()).isTrue();
    assertThat(Retention.defaults().keepAttempts(DAY).endsAttempts()).isTrue();
  }

  @Test
  void whatCannotBeKeptIsRefused() {
    Retention retention = Retention.defaults();
    assertThatThrownBy(() -> retention.keep(JobState.RUNNING, DAY))
        .isInstanceOf(InvalidJobException.class)
        .hasMessage("retention is for SUCCEEDED, CANCELLED and DEAD jobs, was for RUNNING");
    assertThatThrownBy(() -> retention.ageOf(JobState.PENDING)).hasMessageContaining("PENDING");
    assertThatThrownBy(() -> retention.keep("mail", JobState.DEAD, DAY.negated()))
        .hasMessage("retention of DEAD jobs of queue mail must not be negative, was PT-24H");
    assertThatThrownBy(() -> Retention.of(Duration.ofDays(40_000)))
        .hasMessageContaining("must be at most PT876000H or Retention.FOREVER, was PT960000H");
    assertThatThrownBy(() -> retention.keepAttempts(0))
        .hasMessage("retention of attempts must be >= 1, was 0");
    assertThatThrownBy(() -> retention.keepAudit(DAY.negated()))
        .hasMessageStartingWith("retention of the audit must not be negative");
    assertThatThrownBy(() -> new Retention(Map.of(), Map.of(), 1, DAY, DAY))
        .hasMessageContaining("must be set");
  }
}
