package dev.jobs4j.transport.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartitionOffsetsTest {

  private final PartitionOffsets offsets = new PartitionOffsets();

  @Test
  void nothingCompletedIsNothingToCommit() {
    offsets.receive(5);
    offsets.receive(6);

    assertThat(offsets.commitPoint()).isEmpty();
  }

  @Test
  void completionBeyondAnOpenRecordIsNotCommitted() {
    offsets.receive(5);
    offsets.receive(6);
    offsets.complete(6);

    assertThat(offsets.commitPoint()).isEmpty();

    offsets.complete(5);

    assertThat(offsets.commitPoint()).hasValue(7);
  }

  @Test
  void whatWasOnlyReceivedIsNeverCommitted() {
    offsets.receive(0);
    offsets.complete(0);
    offsets.receive(1);
    offsets.receive(2);

    assertThat(offsets.commitPoint()).hasValue(1);
  }

  @Test
  void offsetsThatNeverCameHoldNothingUp() {
    offsets.receive(3);
    offsets.receive(9);
    offsets.complete(3);

    assertThat(offsets.commitPoint()).hasValue(9);
  }

  @Test
  void aCommittedPointIsNotCommittedAgain() {
    offsets.receive(0);
    offsets.complete(0);
    offsets.committed(1);

    assertThat(offsets.commitPoint()).isEmpty();
  }

  @Test
  void aLateAnswerToAnOlderCommitDoesNotLowerThePoint() {
    offsets.receive(0);
    offsets.receive(1);
    offsets.complete(0);
    offsets.complete(1);
    offsets.committed(2);
    offsets.committed(1);

    assertThat(offsets.commitPoint()).isEmpty();
  }

  @Test
  void aRecordIsReceivedAndCompletedOnce() {
    assertThat(offsets.receive(4)).isTrue();
    assertThat(offsets.receive(4)).isFalse();
    assertThat(offsets.receive(3)).isFalse();
    assertThat(offsets.complete(4)).isTrue();
    assertThat(offsets.complete(4)).isFalse();
    assertThat(offsets.complete(77)).isFalse();
  }

  @Test
  void theSpanReachesFromTheOldestOpenRecord() {
    assertThat(offsets.span()).isZero();
    offsets.receive(10);
    offsets.receive(19);
    assertThat(offsets.span()).isEqualTo(10);
    offsets.complete(19);
    assertThat(offsets.span()).isEqualTo(10);
    offsets.complete(10);
    assertThat(offsets.span()).isZero();
  }

  /** Sets of all that was received and completed, and the definition, word for word. */
  private static final class Model {
    final TreeSet<Long> received = new TreeSet<>();
    final TreeSet<Long> completed = new TreeSet<>();
    long committed = -1;

    OptionalLong commitPoint() {
      if (completed.isEmpty()) {
        return OptionalLong.empty();
      }
      TreeSet<Long> open = open();
      long point = open.isEmpty() ? completed.last() + 1 : open.first();
      return point > committed && point > received.first()
          ? OptionalLong.of(point)
          : OptionalLong.empty();
    }

    TreeSet<Long> open() {
      TreeSet<Long> open = new TreeSet<>(received);
      open.removeAll(completed);
      return open;
    }
  }

  /** A fixed seed, and one that is new each time and named by a failure. */
  @ParameterizedTest
  @ValueSource(longs = {1, 20_261_121, 0})
  void agreesWithANaiveModelWhateverTheOrder(long fixed) {
    long seed = fixed == 0 ? System.nanoTime() : fixed;
    Random random = new Random(seed);
    for (int run = 0; run < 200; run++) {
      PartitionOffsets real = new PartitionOffsets();
      Model model = new Model();
      long next = random.nextInt(100);
      long lastPoint = -1;
      for (int step = 0; step < 200; step++) {
        switch (random.nextInt(4)) {
          case 0, 1 -> {
            next += random.nextInt(10) == 0 ? 1 + random.nextInt(5) : 1; // a gap now and then
            real.receive(next);
            model.received.add(next);
          }
          case 2 -> {
            Object[] open = model.open().toArray();
            if (open.length > 0) {
              long offset = (Long) open[random.nextInt(open.length)];
              real.complete(offset);
              model.completed.add(offset);
            }
          }
          default -> {
            OptionalLong point = real.commitPoint();
            if (point.isPresent()) {
              assertThat(point.getAsLong()).as("seed %d", seed).isGreaterThan(lastPoint);
              lastPoint = point.getAsLong();
              real.committed(lastPoint);
              model.committed = lastPoint;
            }
          }
        }
        String where = "seed %d, run %d, step %d".formatted(seed, run, step);
        assertThat(real.commitPoint()).as(where).isEqualTo(model.commitPoint());
        TreeSet<Long> open = model.open();
        long span = open.isEmpty() ? 0 : model.received.last() + 1 - open.first();
        assertThat(real.span()).as(where).isEqualTo(span);
      }
    }
  }
}
