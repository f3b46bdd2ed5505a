package dev.jobs4j.store.jdbc;

import dev.jobs4j.tck.EngineContract;
import dev.jobs4j.tck.EngineFixture;

/** A whole engine on H2 in memory. */
class H2EngineTest extends EngineContract {

  private static final EngineFixture FIXTURE =
      DatabaseEngineFixture.h2("jdbc:h2:mem:engine;DB_CLOSE_DELAY=-1");

  @Override
  protected EngineFixture fixture() {
    return FIXTURE;
  }
}
