package dev.jobs4j.spi;

import java.util.UUID;

/** Names one life of one engine. After a lost lease the engine comes back under a new id. */
public record EngineId(UUID value) {
  /** The UUID in its text form. */
  @Override
  public String toString() {
    return value.toString();
  }
}
