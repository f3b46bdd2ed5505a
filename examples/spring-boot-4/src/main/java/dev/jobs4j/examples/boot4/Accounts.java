package dev.jobs4j.examples.boot4;

import java.util.Optional;
import org.springframework.data.repository.CrudRepository;

/** All accounts. */
public interface Accounts extends CrudRepository<Account, Long> {

  /** The account of an address. */
  Optional<Account> findByEmail(String email);
}
