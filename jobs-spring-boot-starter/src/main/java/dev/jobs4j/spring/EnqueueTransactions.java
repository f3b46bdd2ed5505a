package dev.jobs4j.spring;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobClient;
import java.util.function.Function;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Lets an enqueue join the Spring transaction of its caller. */
interface EnqueueTransactions {

  /** Calls {@code work} with {@code client}, or with its {@link JobClient#in} of a transaction. */
  <T> T join(JobClient client, Function<JobClient, T> work);

  /** Each enqueue is its own. */
  static EnqueueTransactions none() {
    return new EnqueueTransactions() {
      @Override
      public <T> T join(JobClient client, Function<JobClient, T> work) {
        return work.apply(client);
      }
    };
  }

  /** For a store that knows no Spring transaction. */
  static EnqueueTransactions of(JobsProperties.Joining joining) {
    if (joining != JobsProperties.Joining.REQUIRE) {
      return none();
    }
    throw new JobsSetupException(
        "jobs.enqueue.transaction is \"require\", but the store cannot join Spring transactions.",
        "Keep the jobs in a DataSource, or change jobs.enqueue.transaction.");
  }

  /** Refuses an enqueue outside a transaction. */
  static EnqueueTransactions required(EnqueueTransactions joining) {
    return new EnqueueTransactions() {
      @Override
      public <T> T join(JobClient client, Function<JobClient, T> work) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
          throw new InvalidJobException(
              "Enqueued outside a transaction, and jobs.enqueue.transaction is \"require\":"
                  + " make the calling method @Transactional");
        }
        return joining.join(client, work);
      }
    };
  }
}
