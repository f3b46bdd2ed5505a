package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.DeadLetter;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.spi.LetterRule;
import dev.jobs4j.spi.NewJob;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stores what follows dead letters, in the transaction that has just made them. */
final class Burials {

  private static final Logger log = LoggerFactory.getLogger(Burials.class);

  private final LetterRule rule;
  private final Inserts inserts;
  private final Command letters;

  Burials(Sql sql, Inserts inserts, LetterRule rule) {
    this.rule = rule;
    this.inserts = inserts;
    letters =
        sql.command(
            """
            SELECT id, type, queue, reason, error_class, error_message, error_stack, attempt,
                   payload, codec, finished_at, origin, type_version, tenant, tags, fingerprint,
                   token
              FROM {p}dead WHERE id = ANY (?) ORDER BY id
            """);
  }

  /** These jobs are dead letters now. */
  void follow(Connection connection, Collection<UUID> dead) throws SQLException {
    if (rule == LetterRule.NONE || dead.isEmpty()) {
      return;
    }
    List<NewJob> following = new ArrayList<>();
    letters
        .on(connection)
        .ids(dead)
        .each(row -> following.addAll(storable(JdbcDeadLetters.letter(row), row.number("token"))));
    inserts.insert(connection, following);
  }

  /** If it is too large with the payload, it goes without: that stands in the letter. */
  private List<NewJob> storable(DeadLetter letter, long token) {
    try {
      return checked(rule.follow(letter, token));
    } catch (InvalidJobException e) {
      return storableWithoutPayload(letter, token);
    }
  }

  private List<NewJob> storableWithoutPayload(DeadLetter letter, long token) {
    try {
      return checked(rule.follow(letter.withPayload(new byte[0]), token));
    } catch (InvalidJobException e) {
      log.error("What follows a dead letter cannot be stored: letter={}", letter.id(), e);
      return List.of();
    }
  }

  private List<NewJob> checked(List<NewJob> jobs) {
    inserts.check(jobs);
    return jobs;
  }
}
