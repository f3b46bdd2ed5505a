package dev.jobs4j.store.jdbc;

import dev.jobs4j.tck.CrashContract;
import dev.jobs4j.tck.EngineFixture;

/** A worker JVM on PostgreSQL is killed with -9. */
class PostgresCrashTest extends CrashContract {

  private static final EngineFixture FIXTURE = DatabaseEngineFixture.postgres(PostgresServer.V15);

  @Override
  protected EngineFixture fixture() {
    return FIXTURE;
  }
}
