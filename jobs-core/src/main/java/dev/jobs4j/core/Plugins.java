package dev.jobs4j.core;

import dev.jobs4j.api.InvalidJobException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds plug-ins and lets each configure one builder once. */
final class Plugins {

  private static final Logger log = LoggerFactory.getLogger(Plugins.class);

  private final Set<Class<?>> applied = new HashSet<>();

  void apply(ClassLoader loader, JobsBuilder builder) {
    List<JobsPlugin> found = find(loader);
    log.info(
        "Plug-ins found: {}", found.stream().map(plugin -> plugin.getClass().getName()).toList());
    for (JobsPlugin plugin : found) {
      if (applied.add(plugin.getClass())) { // noted first: a plug-in may ask for plug-ins
        configure(plugin, builder);
      }
    }
  }

  /** Whole before the first is applied, so that a broken one leaves the builder as it was. */
  private static List<JobsPlugin> find(ClassLoader loader) {
    List<JobsPlugin> found = new ArrayList<>();
    try {
      Iterator<ServiceLoader.Provider<JobsPlugin>> providers =
          ServiceLoader.load(JobsPlugin.class, loader).stream().iterator();
      while (providers.hasNext()) {
        found.add(providers.next().get());
      }
    } catch (ServiceConfigurationError e) { // its message names the plug-in
      throw new InvalidJobException("A plug-in cannot be loaded: " + e.getMessage(), e);
    }
    return found;
  }

  private static void configure(JobsPlugin plugin, JobsBuilder builder) {
    try {
      plugin.configure(builder);
    } catch (RuntimeException | LinkageError e) { // foreign code; what it lacks shows only now
      throw new InvalidJobException(
          "Plug-in " + plugin.getClass().getName() + " failed: " + e.getMessage(), e);
    }
  }
}
