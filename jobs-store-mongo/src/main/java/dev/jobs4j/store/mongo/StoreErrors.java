package dev.jobs4j.store.mongo;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoCommandException;
import com.mongodb.MongoException;
import com.mongodb.MongoNotPrimaryException;
import com.mongodb.MongoOperationTimeoutException;
import com.mongodb.MongoSecurityException;
import com.mongodb.MongoSocketOpenException;
import com.mongodb.MongoTimeoutException;
import com.mongodb.MongoWriteException;
import dev.jobs4j.spi.StoreException;
import dev.jobs4j.spi.StoreException.Certainty;
import java.util.function.Supplier;

/** Turns what the driver throws into what the SPI promises. */
final class StoreErrors {

  private StoreErrors() {}

  /** For work of one write, or of reads alone: some errors prove that nothing was done. */
  static <T> T oneStep(String what, Supplier<T> work) {
    try {
      return work.get();
    } catch (MongoException e) {
      throw failed(what, certainty(e), e);
    }
  }

  /** For work of several writes: whichever failed, those before it may stand. */
  static <T> T manySteps(String what, Supplier<T> work) {
    try {
      return work.get();
    } catch (MongoException e) {
      throw failed(what, Certainty.UNKNOWN, e);
    }
  }

  /** For work that has no effect unless a later step decides so. */
  static <T> T undecided(String what, Supplier<T> work) {
    try {
      return work.get();
    } catch (MongoException e) {
      throw failed(what, Certainty.NOT_DONE, e);
    }
  }

  static boolean isDuplicateKey(MongoException e) {
    return ErrorCategory.fromErrorCode(e.getCode()) == ErrorCategory.DUPLICATE_KEY;
  }

  private static StoreException failed(String what, Certainty certainty, MongoException e) {
    return new StoreException("MongoDB could not " + what + ": " + e.getMessage(), certainty, e);
  }

  private static Certainty certainty(MongoException e) {
    if (e instanceof MongoOperationTimeoutException) {
      return Certainty.UNKNOWN; // a timeout of the whole operation, perhaps after it was sent
    }
    boolean refused =
        e instanceof MongoTimeoutException // no server or no connection was to be had
            || e instanceof MongoSocketOpenException
            || e instanceof MongoSecurityException
            || e instanceof MongoNotPrimaryException
            || e instanceof MongoWriteException
            || e.getClass() == MongoCommandException.class;
    return refused ? Certainty.NOT_DONE : Certainty.UNKNOWN;
  }
}
