package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The servers of the tests are what they are taken for. */
class PostgresServerTest {

  @ParameterizedTest
  @EnumSource
  void whatIsCommittedIsOnDisk(PostgresServer server) {
    assertThat(server.setting("fsync")).isEqualTo("on");
    assertThat(server.setting("synchronous_commit")).isEqualTo("on");
    assertThat(server.setting("full_page_writes")).isEqualTo("on");
  }

  @Test
  void theTwoVersionsAreTwo() {
    assertThat(PostgresServer.V15).hasToString("PostgreSQL 15.19");
    assertThat(PostgresServer.V18).hasToString("PostgreSQL 18.6");
  }
}
