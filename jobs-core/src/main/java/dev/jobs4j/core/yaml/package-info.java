/**
 * Recurring jobs in a YAML file, for hosts that bring {@code org.yaml:snakeyaml} (every Spring Boot
 * application has it). Read {@link dev.jobs4j.core.yaml.SchedulesFile}.
 */
@NullMarked
package dev.jobs4j.core.yaml;

import org.jspecify.annotations.NullMarked;
