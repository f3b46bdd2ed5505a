package dev.jobs4j.spi;

import java.util.List;

/**
 * What a store has to tell an engine at its renewal.
 *
 * @param cancelRequested the running jobs of this engine that someone asks to end
 */
public record Mailbox(List<TokenLease> cancelRequested) {
  /** Copies the list. */
  public Mailbox {
    cancelRequested = List.copyOf(cancelRequested);
  }
}
