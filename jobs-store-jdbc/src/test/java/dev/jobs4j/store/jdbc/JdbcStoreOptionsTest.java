package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.InvalidJobException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names become part of statements, so nothing but a name is taken. */
class JdbcStoreOptionsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1jobs",
        "jobs-",
        "jobs_; DROP TABLE users; --",
        "jobs\"",
        "a.b",
        "j\u00f6bs_",
        "jobs_ ",
        "jobs_\n",
        "a234567890123456789012345678901x"
      })
  void whatIsNoNameIsRefused(String name) {
    assertThatThrownBy(() -> JdbcStoreOptions.builder().tablePrefix(name).build())
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("tablePrefix");
    assertThatThrownBy(() -> JdbcStoreOptions.builder().schema(name).build())
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("schema");
  }

  @ParameterizedTest
  @ValueSource(strings = {"_", "j", "Jobs_2_", "a23456789012345678901234567890x"})
  void namesAreTaken(String name) {
    assertThat(JdbcStoreOptions.builder().tablePrefix(name).build().tablePrefix()).isEqualTo(name);
  }

  @Test
  void defaultsKeepHistoryInTablesCalledJobs() {
    assertThat(JdbcStoreOptions.defaults())
        .isEqualTo(
            new JdbcStoreOptions(
                "jobs_",
                null,
                JdbcStoreOptions.SchemaMode.AUTO,
                JdbcStoreOptions.History.KEEP,
                false,
                JdbcStoreOptions.WakeUpMode.AFTER_COMMIT));
  }

  @Test
  void anArchiveNeedsAHistory() {
    JdbcStoreOptions.Builder builder =
        JdbcStoreOptions.builder().archive(true).history(JdbcStoreOptions.History.DELETE);
    assertThatThrownBy(builder::build)
        .hasMessage("archive needs history KEEP: with DELETE jobs are gone as they succeed");
  }
}
