/** Stop 7 of a job's way: tells every listener what happened. Read {@code dev.jobs4j.api.event}. */
@NullMarked
package dev.jobs4j.core.internal.event;

import org.jspecify.annotations.NullMarked;
