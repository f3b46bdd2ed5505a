/**
 * A shop on Spring Boot 3.5. {@link dev.jobs4j.examples.boot3.Orders} enqueues in its transaction,
 * {@link dev.jobs4j.examples.boot3.Confirmations} handles. Start with {@link
 * dev.jobs4j.examples.boot3.ShopApplication}.
 */
@NullMarked
package dev.jobs4j.examples.boot3;

import org.jspecify.annotations.NullMarked;
