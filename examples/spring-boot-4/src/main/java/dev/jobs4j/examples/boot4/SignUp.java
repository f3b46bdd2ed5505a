package dev.jobs4j.examples.boot4;

import dev.jobs4j.api.JobClient;
import dev.jobs4j.api.JobType;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Opens accounts. */
@Service
public class SignUp {

  /**
   * What the job that welcomes an account needs to know.
   *
   * @param email the account's address
   */
  record Welcome(String email) {}

  static final JobType<Welcome> WELCOME = JobType.of("account.welcome", Welcome.class);

  private final Accounts accounts;
  private final JobClient jobs;

  SignUp(Accounts accounts, JobClient jobs) {
    this.accounts = accounts;
    this.jobs = jobs;
  }

  /**
   * Writes the account and the job that welcomes it in one transaction: both, or neither. That an
   * address is taken comes out as the transaction commits.
   */
  @Transactional
  public void open(String email) {
    accounts.save(new Account(email));
    jobs.enqueue(WELCOME, new Welcome(email));
  }
}
