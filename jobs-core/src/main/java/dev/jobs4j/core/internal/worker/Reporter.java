package dev.jobs4j.core.internal.worker;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.JobLogger;
import dev.jobs4j.api.LogLine.Level;
import dev.jobs4j.core.config.Ticker;
import dev.jobs4j.core.internal.payload.Secrets;
import dev.jobs4j.spi.Report;
import dev.jobs4j.spi.TokenLease;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.helpers.FormattingTuple;
import org.slf4j.helpers.MessageFormatter;

/**
 * What one attempt says to people: it goes to the application's log at once and, unless its backend
 * keeps nothing of the kind, waits here to be written down. Thread-safe.
 */
final class Reporter implements JobLogger {

  /** Before the type in the name of the logger. */
  private static final String LOGGER = "dev.jobs4j.job.";

  private record Line(int number, Level level, long saidAt, String text) {}

  private record Standing(long done, long total, String message, long saidAt) {}

  private final Logger log;
  private final Secrets secrets;
  private final Ticker ticker;
  private final int maxLength;
  private final int maxLines;

  /** Whom to tell that there is something to write down; null if nobody would. */
  private final @Nullable Runnable news;

  /** Guarded by {@code this}, as the rest. */
  private final Deque<Line> lines = new ArrayDeque<>();

  private @Nullable Standing standing;
  private @Nullable Standing reported;
  private int numbered;
  private boolean closed;

  Reporter(
      Attempt attempt,
      Secrets secrets,
      Ticker ticker,
      int maxLines,
      int maxLength,
      @Nullable Runnable news) {
    log = LoggerFactory.getLogger(LOGGER + attempt.type());
    this.secrets = secrets;
    this.ticker = ticker;
    this.maxLines = maxLines;
    this.maxLength = maxLength;
    this.news = news;
  }

  @Override
  public void info(String format, @Nullable Object... arguments) {
    String text = text(format, arguments);
    log.info(text);
    write(Level.INFO, text);
  }

  @Override
  public void warn(String format, @Nullable Object... arguments) {
    String text = text(format, arguments);
    log.warn(text);
    write(Level.WARN, text);
  }

  @Override
  public void error(String format, @Nullable Object... arguments) {
    String text = text(format, arguments);
    log.error(text);
    write(Level.ERROR, text);
  }

  /** Says how far the attempt has come. */
  void progress(long done, long total, String message) {
    if (done < 0 || total < 0) {
      throw new InvalidJobException(
          "done and total of a progress must be >= 0, were " + done + " and " + total);
    }
    String words = clean(secrets.hide(message));
    log.debug("Progress: done={} total={} {}", done, total, words);
    Standing said = new Standing(done, total, words, ticker.nanos());
    tell(() -> standing = said);
  }

  private void write(Level level, String text) {
    long now = ticker.nanos();
    tell(
        () -> {
          lines.add(new Line(++numbered, level, now, text));
          if (lines.size() > maxLines) {
            lines.remove(); // its number is missed, and so counted
          }
        });
  }

  private void tell(Runnable change) {
    boolean first;
    synchronized (this) {
      if (news == null || closed) {
        return;
      }
      first = isSilent();
      change.run();
    }
    if (first) {
      news.run();
    }
  }

  private synchronized boolean isSilent() {
    return lines.isEmpty() && standing == null;
  }

  /** What is to be written down, or null if there is nothing. It stays until {@link #written}. */
  synchronized @Nullable Report report(TokenLease lease) {
    if (isSilent()) {
      return null;
    }
    long now = ticker.nanos();
    Standing said = standing;
    reported = said;
    List<Report.Line> told =
        lines.stream()
            .map(l -> new Report.Line(l.number(), l.level(), ago(now, l.saidAt()), l.text()))
            .toList();
    return new Report(
        lease,
        said == null
            ? null
            : new Report.Standing(
                said.done(), said.total(), said.message(), ago(now, said.saidAt())),
        told);
  }

  private static Duration ago(long now, long then) {
    return Duration.ofNanos(Math.max(0, now - then));
  }

  /** A report has been written; what was said after it was made stays. */
  synchronized void written(Report report) {
    int last =
        report.lines().isEmpty() ? 0 : report.lines().get(report.lines().size() - 1).number();
    while (!lines.isEmpty() && lines.element().number() <= last) {
      lines.remove();
    }
    if (Objects.equals(standing, reported)) {
      standing = null;
    }
  }

  /** Nothing is written down from now on; answers how many lines never were. */
  synchronized int close() {
    closed = true;
    int lost = lines.size();
    lines.clear();
    standing = null;
    return lost;
  }

  /** Arguments are foreign code. */
  private String text(String format, @Nullable Object[] arguments) {
    try {
      FormattingTuple tuple = MessageFormatter.arrayFormat(format, arguments);
      Throwable error = tuple.getThrowable();
      String text = String.valueOf(tuple.getMessage());
      return clean(secrets.hide(error == null ? text : text + ": " + error));
    } catch (RuntimeException | StackOverflowError e) {
      return clean("A line could not be made of its arguments: " + e.getClass().getName());
    }
  }

  /** No line can look like two, or hide what stands in it; no pair of surrogates is cut. */
  private String clean(String text) {
    StringBuilder clean = new StringBuilder(Math.min(text.length(), maxLength));
    text.codePoints()
        .limit(maxLength)
        .map(c -> isUnprintable(c) ? ' ' : c)
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }

  /** Controls, breaks of lines, halves of pairs, and what turns the direction of reading. */
  private static boolean isUnprintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          true;
      case Character.FORMAT -> (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
      default -> false;
    };
  }
}
