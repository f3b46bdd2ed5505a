package dev.jobs4j.examples.boot4;

import dev.jobs4j.api.JobHandler;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Welcomes accounts. To do so twice changes nothing, and a job may run twice. */
@Component
class Welcomer {

  private final Accounts accounts;

  Welcomer(Accounts accounts) {
    this.accounts = accounts;
  }

  @JobHandler(type = "account.welcome", timeout = "30s")
  @Transactional
  void welcome(SignUp.Welcome job) {
    accounts.findByEmail(job.email()).orElseThrow().welcome();
  }
}
