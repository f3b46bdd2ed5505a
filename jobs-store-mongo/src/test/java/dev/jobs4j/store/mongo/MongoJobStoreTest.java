package dev.jobs4j.store.mongo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.mongodb.ConnectionString;
import com.mongodb.MongoClientSettings;
import com.mongodb.WriteConcern;
import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import dev.jobs4j.api.Failure;
import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobId;
import dev.jobs4j.api.JobTransaction;
import dev.jobs4j.spi.Capability;
import dev.jobs4j.spi.EngineId;
import dev.jobs4j.spi.JobStore;
import dev.jobs4j.spi.LeasedJob;
import dev.jobs4j.spi.NewJob;
import dev.jobs4j.spi.Outcome;
import dev.jobs4j.spi.Payload;
import dev.jobs4j.spi.Settlement;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.TokenLease;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bson.BsonBinarySubType;
import org.bson.BsonDocument;
import org.bson.UuidRepresentation;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What this store promises beyond the contract: its options, its client, its limits. */
class MongoJobStoreTest {

  private static MongoFixture fixture;

  @BeforeAll
  static void start() {
    fixture = new MongoFixture(MongoServers.any());
  }

  @AfterAll
  static void stop() {
    fixture.close();
  }

  @BeforeEach
  void clear() {
    fixture.clear();
  }

  @Test
  void aWriteConcernThatAnElectionCanUndoIsRefused() {
    for (WriteConcern weak :
        List.of(
            WriteConcern.W1,
            WriteConcern.ACKNOWLEDGED,
            WriteConcern.UNACKNOWLEDGED,
            WriteConcern.W2.withJournal(true),
            WriteConcern.MAJORITY,
            WriteConcern.MAJORITY.withJournal(false))) {
      assertThatThrownBy(() -> MongoStoreOptions.builder().writeConcern(weak).build())
          .isInstanceOf(InvalidJobException.class)
          .hasMessageContaining("MongoStoreOptions.writeConcern")
          .hasMessageContaining("majority");
    }
  }

  @Test
  void anotherTimeoutForTheMajorityIsAccepted() {
    WriteConcern patient =
        WriteConcern.MAJORITY.withJournal(true).withWTimeout(5, TimeUnit.MINUTES);

    assertThat(MongoStoreOptions.builder().writeConcern(patient).build().writeConcern())
        .isEqualTo(patient);
  }

  @Test
  void theConcernsOfTheDatabaseAreNotUsed() {
    Areas areas =
        Areas.of(
            fixture.database().withWriteConcern(WriteConcern.W1), MongoStoreOptions.defaults());

    assertThat(areas.jobs().getWriteConcern().getWObject()).isEqualTo("majority");
    assertThat(areas.engines().getWriteConcern().getJournal()).isTrue();
    assertThat(areas.batches().getReadPreference().isSecondaryOk()).isFalse();
  }

  @Test
  void aPrefixThatIsNoNameIsRefused() {
    for (String wrong : List.of("", "1st", "a.b", "system$", "x".repeat(49))) {
      assertThatThrownBy(() -> MongoStoreOptions.builder().prefix(wrong).build())
          .isInstanceOf(InvalidJobException.class)
          .hasMessageContaining("MongoStoreOptions.prefix");
    }
  }

  @Test
  void storesOfTwoPrefixesDoNotSeeEachOther() {
    JobStore other =
        MongoJobStore.of(fixture.database(), MongoStoreOptions.builder().prefix("other_").build());
    NewJob job = TestJobs.job(TestJobs.id());

    fixture.open().insert(List.of(job));

    assertThat(other.records().find(job.id())).isEmpty();
  }

  @Test
  void aMissingIndexIsNamedWhenItMayNotBeCreated() {
    MongoStoreOptions careful =
        MongoStoreOptions.builder()
            .prefix("bare_")
            .indexes(MongoStoreOptions.Indexes.VALIDATE)
            .build();

    assertThatThrownBy(() -> MongoJobStore.of(fixture.database(), careful))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("bare_jobs")
        .hasMessageContaining("claim")
        .hasMessageContaining("MongoStoreOptions.indexes");

    MongoJobStore.of(fixture.database(), MongoStoreOptions.builder().prefix("bare_").build());
    assertThat(MongoJobStore.of(fixture.database(), careful)).isNotNull();
  }

  @ParameterizedTest
  @EnumSource(UuidRepresentation.class)
  void anIdLooksTheSameWhateverTheClientOfTheHostSays(UuidRepresentation representation) {
    try (MongoClient client =
        MongoClients.create(
            MongoClientSettings.builder()
                .applyConnectionString(new ConnectionString(fixture.url()))
                .uuidRepresentation(representation)
                .build())) {
      JobStore store = fixture.open(client);
      NewJob job = TestJobs.job(TestJobs.id());
      store.insert(List.of(job));

      BsonDocument stored =
          fixture.database().getCollection("jobs4j_jobs", BsonDocument.class).find().first();
      assertThat(stored.getBinary("_id").getType())
          .isEqualTo(BsonBinarySubType.UUID_STANDARD.getValue());
      assertThat(store.claim(TestJobs.claim(TestJobs.engine(store))))
          .extracting(LeasedJob::id)
          .containsExactly(job.id());
    }
  }

  @Test
  void aCallersTransactionIsRefused() {
    JobStore store = fixture.open();

    assertThat(store.capabilities()).doesNotContain(Capability.TRANSACTIONAL_ENQUEUE);
    assertThatThrownBy(
            () -> store.insert(List.of(TestJobs.job(TestJobs.id())), new JobTransaction() {}))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("transaction");
  }

  @Test
  void aPayloadThatDoesNotFitADocumentIsRefusedAndNothingStored() {
    JobStore store = fixture.open();
    NewJob large =
        NewJob.of(
            TestJobs.id(),
            TestJobs.TYPE,
            TestJobs.QUEUE,
            new Payload("bytes", new byte[(12 << 20) + 1]));

    assertThatThrownBy(() -> store.insert(List.of(TestJobs.job(TestJobs.id()), large)))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining("payload");
    assertThat(fixture.areas().jobs().countDocuments()).isZero();
  }

  @Test
  void theLastHundredFailedAttemptsAreKept() {
    JobStore store = fixture.open();
    EngineId engine = TestJobs.engine(store);
    JobId id = TestJobs.id();
    store.insert(List.of(TestJobs.job(id)));
    Outcome retry = new Outcome.Retry(Duration.ZERO, new Failure("E", "no", ""));
    for (int i = 0; i < 103; i++) {
      LeasedJob job = store.claim(TestJobs.claim(engine)).get(0);
      store.settle(List.of(new Settlement(job.lease(), retry)));
    }

    assertThat(store.records().attempts(id)).hasSize(100);
    assertThat(store.records().attempts(id).get(99).token()).isEqualTo(103);
  }

  @Test
  void withoutAServerNothingWasDone() {
    try (MongoServers gone = MongoServers.standIn();
        MongoClient client =
            MongoClients.create(
                MongoClientSettings.builder()
                    .applyConnectionString(new ConnectionString(gone.url()))
                    .applyToClusterSettings(
                        cluster -> cluster.serverSelectionTimeout(300, TimeUnit.MILLISECONDS))
                    .build())) {
      JobStore store = MongoJobStore.of(client.getDatabase("jobs"));
      gone.stop().run();

      assertNotDone(() -> store.insert(List.of(TestJobs.job(TestJobs.id()))));
      assertNotDone(
          () -> store.insert(List.of(TestJobs.job(TestJobs.id()), TestJobs.job(TestJobs.id()))));
      assertNotDone(() -> store.claim(TestJobs.claim(new EngineId(TestJobs.id().value()))));
      assertNotDone(
          () ->
              store.settle(
                  List.of(
                      new Settlement(
                          new TokenLease(TestJobs.id(), 1), new Outcome.Succeeded(null)))));
      assertThatThrownBy(() -> store.records().find(TestJobs.id()))
          .isInstanceOf(StoreException.class);
    }
  }

  private static void assertNotDone(Runnable insert) {
    assertThatThrownBy(insert::run)
        .isInstanceOfSatisfying(
            StoreException.class,
            e -> assertThat(e.outcome()).isEqualTo(StoreException.Certainty.NOT_DONE));
  }
}
