package dev.jobs4j.store.jdbc;

import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.WakeUps;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Tells engines in other processes that jobs are due, and hears from them. Whoever makes some due
 * says so here, within the transaction; nobody hears of it before the commit. Jobs that become due
 * by the passing of time are met by polls.
 */
interface Notices {

  /** Where engines only poll. */
  Notices NONE =
      new Notices() {
        @Override
        public void stored(Connection connection, Collection<NewJob> jobs) {}

        @Override
        public void released(Connection connection, Collection<UUID> jobs) {}

        @Override
        public void anywhere(Connection connection) {}

        @Override
        public void joined(JdbcTransaction transaction, MadeDue made) {}

        @Override
        public Optional<WakeUps> listen(Set<String> queues) {
          return Optional.empty();
        }
      };

  /** These were stored; those are told of that are due at once and wait for nothing. */
  void stored(Connection connection, Collection<NewJob> jobs);

  /** These may have become due; what is not, or not there any more, is not told of. */
  void released(Connection connection, Collection<UUID> jobs);

  /** Jobs of any queue may have become due. */
  void anywhere(Connection connection);

  /** This was made due in a caller's transaction, which is still open. */
  void joined(JdbcTransaction transaction, MadeDue made) throws SQLException;

  /** What others say of these queues. */
  Optional<WakeUps> listen(Set<String> queues);
}
