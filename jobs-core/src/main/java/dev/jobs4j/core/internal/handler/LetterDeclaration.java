package dev.jobs4j.core.internal.handler;

/** A dead-letter handler as it was declared, before it is known what can be injected into it. */
@FunctionalInterface
public interface LetterDeclaration {

  /**
   * The handler.
   *
   * @throws dev.jobs4j.api.InvalidJobException if it takes what nothing gives; the message names it
   */
  LetterHandler with(Injections injections);
}
