package dev.jobs4j.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** Thousands of crashes an hour would fill the log. */
final class Logs implements AutoCloseable {

  private final Logger logger = (Logger) LoggerFactory.getLogger("dev.jobs4j");

  /** Keeps the library silent until it is closed. */
  Logs() {
    logger.setLevel(Level.OFF);
  }

  @Override
  public void close() {
    logger.setLevel(null);
  }
}
