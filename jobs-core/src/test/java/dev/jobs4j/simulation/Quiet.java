package dev.jobs4j.simulation;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;
final class Quiet {
  static void be() { ((Logger) LoggerFactory.getLogger("dev.jobs4j")).setLevel(Level.OFF); }
}
