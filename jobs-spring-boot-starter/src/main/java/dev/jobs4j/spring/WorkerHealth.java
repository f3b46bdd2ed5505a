package dev.jobs4j.spring;

import dev.jobs4j.core.EngineHealth;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Whether this node can run jobs, in the words that both lines of Boot share. Answered from memory.
 * Failed jobs do not make it unwell.
 *
 * @param status a status code of Spring Boot
 * @param details what a person wants to know
 */
record WorkerHealth(String status, Map<String, Object> details) {

  static WorkerHealth of(CurrentJobs jobs) {
    return jobs.health()
        .map(WorkerHealth::of)
        .orElse(new WorkerHealth("UNKNOWN", Map.of("worker", "not started")));
  }

  static WorkerHealth of(EngineHealth engine) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("worker", engine.running() ? "running" : "stopped");
    if (!engine.troubles().isEmpty()) {
      details.put("troubles", engine.troubles());
    }
    if (engine.leakedSlots() > 0) {
      details.put("leakedSlots", engine.leakedSlots());
    }
    if (!engine.running()) {
      return new WorkerHealth("OUT_OF_SERVICE", details);
    }
    return new WorkerHealth(engine.isUp() ? "UP" : "DOWN", details);
  }
}
