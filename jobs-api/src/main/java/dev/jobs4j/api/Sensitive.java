package dev.jobs4j.api;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks what people must not see: a component, field, getter or constructor parameter of a payload,
 * with all that is below it, or a class wherever it stands in one.
 *
 * <p>Where a payload is shown, {@code ***} stands in its place. And where the message or the stack
 * trace of a failed attempt contains one of its texts or numbers of at least 4 characters, letter
 * for letter, that is replaced by {@code ***} before any listener, log or store gets it; with more
 * than 1,000 of them the whole text is. A value that an error tells in other words (cut, quoted,
 * encoded) is not recognised: do not put secrets into messages. The payload itself is stored as it
 * is; encryption is what keeps it from those who can read the store.
 */
@Documented
@Target({
  ElementType.RECORD_COMPONENT,
  ElementType.FIELD,
  ElementType.METHOD,
  ElementType.PARAMETER,
  ElementType.TYPE
})
@Retention(RetentionPolicy.RUNTIME)
public @interface Sensitive {}
