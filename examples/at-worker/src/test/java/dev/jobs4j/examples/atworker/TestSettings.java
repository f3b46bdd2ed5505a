package dev.jobs4j.examples.atworker;

import dev.jobs4j.core.config.Environment;
import java.util.Map;

/** Settings of nothing but these variables. */
final class TestSettings {

  private TestSettings() {}

  static Settings of(Map<String, String> variables) {
    return Settings.of(Environment.of(variables));
  }
}
