package dev.jobs4j.spi;

import dev.jobs4j.api.DeadLetter;
import java.util.List;

/**
 * Says what follows when a job is given up. Called within the transaction that makes the dead
 * letter, perhaps more than once for one letter; so it must be quick, must change nothing and must
 * not throw.
 */
@FunctionalInterface
public interface LetterRule {

  /** Nothing follows. */
  LetterRule NONE = (letter, token) -> List.of();

  /**
   * The jobs that are stored with this letter; they wait for nobody, and each has an id that is
   * made of the letter's id and {@code token}.
   *
   * @param token the token under which the job ended; another death of the same job has a higher
   *     one
   */
  List<NewJob> follow(DeadLetter letter, long token);
}
