/**
 * Accounts on Spring Boot 4 and JPA. {@link dev.jobs4j.examples.boot4.SignUp} enqueues in its
 * transaction, {@link dev.jobs4j.examples.boot4.Welcomer} handles. Start with {@link
 * dev.jobs4j.examples.boot4.AccountsApplication}.
 */
@NullMarked
package dev.jobs4j.examples.boot4;

import org.jspecify.annotations.NullMarked;
