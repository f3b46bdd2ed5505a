package dev.jobs4j.core.internal.handler;

/** A handler as it was declared, before it is known what can be injected into it. */
@FunctionalInterface
public interface HandlerDeclaration {

  /**
   * The handler.
   *
   * @throws dev.jobs4j.api.InvalidJobException if it takes what nothing gives; the message names it
   */
  Handler with(Injections injections);
}
