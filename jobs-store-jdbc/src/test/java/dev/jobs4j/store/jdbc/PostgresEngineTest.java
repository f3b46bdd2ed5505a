package dev.jobs4j.store.jdbc;

import dev.jobs4j.tck.EngineContract;
import dev.jobs4j.tck.EngineFixture;

/** A whole engine on PostgreSQL 18. */
class PostgresEngineTest extends EngineContract {

  private static final EngineFixture FIXTURE = DatabaseEngineFixture.postgres(PostgresServer.V18);

  @Override
  protected EngineFixture fixture() {
    return FIXTURE;
  }
}
