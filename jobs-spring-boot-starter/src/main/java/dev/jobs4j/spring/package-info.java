/**
 * Jobs in a Spring Boot application, 3.5 or 4. {@link dev.jobs4j.spring.JobsAutoConfiguration}
 * makes the beans, {@link dev.jobs4j.spring.JobsProperties} is what can be set, {@link
 * dev.jobs4j.spring.JobsLifecycle} starts and drains the engine with the application. {@code
 * HandlerBeans} finds the {@code @JobHandler} methods, {@code SpringJobClient} is the client that
 * applications inject, {@code DataSourceTransactions} lets it join their transactions; {@code
 * SpringPauses}, {@code SpringJobLimits} and {@code SpringSchedules} are injected to operate them.
 * Read {@code dev.jobs4j.core} next.
 */
@NullMarked
package dev.jobs4j.spring;

import org.jspecify.annotations.NullMarked;
