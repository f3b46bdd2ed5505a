package dev.jobs4j.examples.chaos.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("worker-1.1.ledger");
  }

  @Test
  void whatWasWrittenIsRead() throws IOException {
    try (Ledger ledger = Ledger.open(folder, "worker-1.1")) {
      ledger.append(What.START, "plain-1", 3, "");
      ledger.append(What.ENQ_ERR, "plain-2", 0, "größer als erlaubt");
    }

    List<Entry> entries = Ledgers.read(folder);

    assertThat(entries).extracting(Entry::what).containsExactly(What.START, What.ENQ_ERR);
    assertThat(entries).extracting(Entry::process).containsOnly("worker-1.1");
    assertThat(entries.get(0).token()).isEqualTo(3);
    assertThat(entries.get(1).detail()).isEqualTo("größer als erlaubt");
  }

  @Test
  void linesOfManyThreadsDoNotMix() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try (Ledger ledger = Ledger.open(folder, "worker-1.1")) {
      for (int i = 0; i < 400; i++) {
        int token = i;
        threads.execute(() -> ledger.append(What.START, "plain-" + token, token, ""));
      }
      threads.shutdown();
      assertThat(threads.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
    }

    assertThat(Ledgers.read(folder)).extracting(Entry::token).hasSize(400).doesNotHaveDuplicates();
  }

  @Test
  void anInterruptedThreadStillWrites() throws IOException {
    try (Ledger ledger = Ledger.open(folder, "worker-1.1")) {
      Thread.currentThread().interrupt();
      ledger.append(What.START, "plain-1", 1, "");
      assertThat(Thread.interrupted()).isTrue();
      ledger.append(What.END, "plain-1", 1, "INTERRUPTED");
    }

    assertThat(Ledgers.read(folder)).hasSize(2);
  }

  @Test
  void aTornLastLineIsTheMarkOfAKill() throws IOException {
    Files.write(file(), Ledger.line("1 worker-1.1 START plain-1 1 "));
    byte[] second = Ledger.line("2 worker-1.1 END plain-1 1 OK");
    Files.write(file(), Arrays.copyOf(second, second.length - 4), StandardOpenOption.APPEND);

    assertThat(Ledgers.read(folder)).extracting(Entry::what).containsExactly(What.START);
  }

  @Test
  void aLineThatIsNotWhatWasWrittenIsRefused() throws IOException {
    String line = new String(Ledger.line("1 worker-1.1 START plain-1 1 "), UTF_8);
    Files.writeString(file(), line.replace("plain-1", "plain-2"));

    assertThatThrownBy(() -> Ledgers.read(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("worker-1.1.ledger")
        .hasMessageContaining("plain-2");
  }
}
