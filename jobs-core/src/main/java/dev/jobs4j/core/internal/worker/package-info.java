/**
 * The engine at work, one class a stop: {@link dev.jobs4j.core.internal.worker.Poller} (3), {@link
 * dev.jobs4j.core.internal.worker.Dispatcher} (4), {@link dev.jobs4j.core.internal.worker.Worker}
 * (5), {@link dev.jobs4j.core.internal.worker.Settler} (6). Beside the way stand {@link
 * dev.jobs4j.core.internal.worker.LeaseKeeper}, {@link
 * dev.jobs4j.core.internal.worker.Maintenance}, {@link dev.jobs4j.core.internal.worker.Pruner} and
 * {@link dev.jobs4j.core.internal.worker.Watchdog}. {@link
 * dev.jobs4j.core.internal.worker.StoreSource} makes a source of a store. Only this package starts
 * threads. Read {@code dev.jobs4j.core.internal.event} next.
 */
@NullMarked
package dev.jobs4j.core.internal.worker;

import org.jspecify.annotations.NullMarked;
