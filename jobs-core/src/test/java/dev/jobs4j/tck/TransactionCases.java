package dev.jobs4j.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.jobs4j.api.Enqueued;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobTransaction;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A job enqueued in a transaction of the caller is there if and only if that commits. */
abstract class TransactionCases extends StoreCases {

  private TestTransaction begin() {
    assumeTrue(can(Capability.TRANSACTIONAL_ENQUEUE), "joins no transactions");
    return fixture().begin();
  }

  private List<Enqueued> insert(TestTransaction transaction, NewJob... jobs) {
    return store.insert(List.of(jobs), transaction.handle());
  }

  @Test
  void aTransactionOfAnotherKindIsRefused() {
    NewJob job = NewJobs.job().build();

    assertThatThrownBy(() -> store.insert(List.of(job), new JobTransaction() {}))
        .isInstanceOf(InvalidJobException.class);
    assertThat(records().find(job.id())).isEmpty();
  }

  @Test
  void anUncommittedJobIsInNoClaim() {
    try (TestTransaction transaction = begin()) {
      NewJob job = NewJobs.job().build();

      assertThat(insert(transaction, job)).containsExactly(new Enqueued.Created(job.id()));

      assertThat(claim(engine(), 10)).isEmpty();
      assertThat(records().find(job.id())).isEmpty();
    }
  }

  @Test
  void aCommittedJobIsClaimed() {
    try (TestTransaction transaction = begin()) {
      NewJob job = NewJobs.job().build();
      insert(transaction, job);

      transaction.commit();

      assertThat(claimOne(engine()).id()).isEqualTo(job.id());
    }
  }

  @Test
  void aRolledBackJobNeverWas() {
    try (TestTransaction transaction = begin()) {
      NewJob job = NewJobs.job().build();
      insert(transaction, job);

      transaction.rollback();

      assertThat(claim(engine(), 10)).isEmpty();
      assertThat(records().find(job.id())).isEmpty();
    }
  }

  @Test
  void theInsertsOfATransactionCommitTogether() {
    try (TestTransaction transaction = begin()) {
      for (int i = 0; i < 5; i++) {
        insert(transaction, NewJobs.job().build(), NewJobs.job().build());
      }
      assertThat(claim(engine(), 100)).isEmpty();

      transaction.commit();

      assertThat(claim(engine(), 100)).hasSize(10);
    }
  }

  @Test
  void aRolledBackKeyIsFree() {
    try (TestTransaction transaction = begin()) {
      insert(transaction, NewJobs.job().key("k").build());

      transaction.rollback();

      NewJob next = NewJobs.job().key("k").build();
      assertThat(store.insert(List.of(next))).containsExactly(new Enqueued.Created(next.id()));
    }
  }

  @Test
  void aRolledBackIdIsFree() {
    try (TestTransaction transaction = begin()) {
      NewJob job = NewJobs.job().repeatable(new JobId(UUID.randomUUID())).build();
      insert(transaction, job);

      transaction.rollback();

      assertThat(store.insert(List.of(job))).containsExactly(new Enqueued.Created(job.id()));
    }
  }

  @Test
  void aTransactionSeesTheKeysItTook() {
    try (TestTransaction transaction = begin()) {
      NewJob first = NewJobs.job().key("k").build();
      insert(transaction, first);

      assertThat(insert(transaction, NewJobs.job().key("k").build()))
          .containsExactly(new Enqueued.Existing(first.id()));
      transaction.commit();

      assertThat(claimOne(engine()).id()).isEqualTo(first.id());
    }
  }

  @Test
  void aTransactionSeesTheJobsItStored() {
    try (TestTransaction transaction = begin()) {
      NewJob job = NewJobs.job().repeatable(new JobId(UUID.randomUUID())).build();
      insert(transaction, job);

      assertThat(insert(transaction, job)).containsExactly(new Enqueued.Existing(job.id()));
      NewJob child = NewJobs.job().after(job.id()).build();
      assertThat(insert(transaction, child)).containsExactly(new Enqueued.Created(child.id()));
      transaction.commit();

      assertThat(claimOne(engine()).id()).isEqualTo(job.id());
    }
  }

  @Test
  void aTransactionSeesKeysTakenBefore() {
    NewJob holder = NewJobs.job().key("k").build();
    insert(holder);
    try (TestTransaction transaction = begin()) {
      assertThat(insert(transaction, NewJobs.job().key("k").build()))
          .containsExactly(new Enqueued.Existing(holder.id()));
      transaction.commit();
    }
    assertThat(claim(engine(), 10)).hasSize(1);
  }

  /** Whoever wants the key meanwhile waits or fails, and then finds it taken. */
  @Test
  void aKeyInAnOpenTransactionIsTakenIfThatCommits() throws Exception {
    NewJob inside = NewJobs.job().key("k").build();
    NewJob outside = NewJobs.job().key("k").build();
    try (TestTransaction transaction = begin()) {
      insert(transaction, inside);
      Future<List<Enqueued>> other = Race.start(() -> store.insert(List.of(outside)));
      transaction.commit();

      assertThat(other.get()).containsExactly(new Enqueued.Existing(inside.id()));
    }
    assertThat(claimOne(engine()).id()).isEqualTo(inside.id());
  }

  @Test
  void aKeyInAnOpenTransactionIsFreeIfThatRollsBack() throws Exception {
    NewJob inside = NewJobs.job().key("k").build();
    NewJob outside = NewJobs.job().key("k").build();
    try (TestTransaction transaction = begin()) {
      insert(transaction, inside);
      Future<List<Enqueued>> other = Race.start(() -> store.insert(List.of(outside)));
      transaction.rollback();

      assertThat(other.get()).containsExactly(new Enqueued.Created(outside.id()));
    }
    assertThat(claimOne(engine()).id()).isEqualTo(outside.id());
  }

  @Test
  void aRefusedInsertLeavesTheTransactionUsable() {
    try (TestTransaction transaction = begin()) {
      NewJob before = NewJobs.job().build();
      insert(transaction, before);
      NewJob beside = NewJobs.job().build();
      NewJob orphan = NewJobs.job().after(new JobId(UUID.randomUUID())).build();
      assertThatThrownBy(() -> insert(transaction, beside, orphan))
          .isInstanceOf(InvalidJobException.class);
      NewJob later = NewJobs.job().build();
      insert(transaction, later);

      transaction.commit();

      assertThat(claim(engine(), 10).stream().map(LeasedJob::id))
          .containsExactlyInAnyOrder(before.id(), later.id());
    }
  }

  /** The parent ends while the transaction is open, on a connection that cannot see the child. */
  @Test
  void aChildInATransactionDoesNotMissTheEndOfItsParent() throws Exception {
    JobId parent = insertOne();
    LeasedJob running = claimOne(engine());
    NewJob child = NewJobs.job().after(parent).build();
    try (TestTransaction transaction = begin()) {
      insert(transaction, child);
      Future<?> end = Race.start(() -> settle(running, succeeded()));
      transaction.commit();
      end.get();
    }
    assertThat(claimOne(engine()).id()).isEqualTo(child.id());
  }
}
