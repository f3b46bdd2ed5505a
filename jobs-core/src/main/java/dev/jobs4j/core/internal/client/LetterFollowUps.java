package dev.jobs4j.core.internal.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.JobId;
import dev.jobs4j.core.internal.handler.Handler;
import dev.jobs4j.core.internal.handler.Handlers;
import dev.jobs4j.core.internal.payload.Payloads;
import dev.jobs4j.spi.LetterRule;
import dev.jobs4j.spi.NewJob;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stop 1 for the jobs that look after dead letters. */
public final class LetterFollowUps implements LetterRule {

  private static final Logger log = LoggerFactory.getLogger(LetterFollowUps.class);

  private final Handlers handlers;
  private final Payloads payloads;

  /** Runs these handlers for letters. */
  public LetterFollowUps(Handlers handlers, Payloads payloads) {
    this.handlers = handlers;
    this.payloads = payloads;
  }

  @Override
  public List<NewJob> follow(DeadLetter letter, long token) {
    try {
      return handlers.forLetter(letter).map(handler -> job(handler, letter, token)).stream()
          .toList();
    } catch (RuntimeException | StackOverflowError e) { // the letter itself must not be in danger
      log.error("The handler of a dead letter cannot be run: letter={}", letter.id(), e);
      return List.of();
    }
  }

  private NewJob job(Handler handler, DeadLetter letter, long token) {
    return NewJob.builder(
            id(letter, token), handler.type(), letter.queue(), payloads.writeLetter(letter))
        .mayExist(true)
        .tenant(letter.onBehalfOf())
        .tags(letter.tags())
        .build();
  }

  /** One for each death, whoever tells of it and however often. */
  private static JobId id(DeadLetter letter, long token) {
    return new JobId(
        UUID.nameUUIDFromBytes(("dead letter " + letter.id() + "#" + token).getBytes(UTF_8)));
  }
}
