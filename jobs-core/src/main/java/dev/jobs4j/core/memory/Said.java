package dev.jobs4j.core.memory;

import dev.jobs4j.api.LogLine;
import dev.jobs4j.api.LogPage;
import dev.jobs4j.api.Progress;
import dev.jobs4j.spi.Report;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the attempts of one job have said. Guarded by the store's lock. */
final class Said {

  private final Deque<LogLine> lines = new ArrayDeque<>();
  private @Nullable Progress progress;

  /** The number of the last line in the log. */
  private long last;

  /** The token that wrote it, and its number among the lines of that token. */
  private long token;

  private int told;

  /** Adds what a report brings that is not there yet; the newest {@code keep} lines stay. */
  void write(Report report, int attempt, int keep, long now) {
    Report.Standing standing = report.progress();
    if (standing != null) {
      progress =
          new Progress(
              standing.done(),
              standing.total(),
              standing.message(),
              attempt,
              Micros.instant(ago(now, standing.ago())));
    }
    if (token != report.lease().token()) {
      token = report.lease().token();
      told = 0;
    }
    for (Report.Line line : report.lines()) {
      if (line.number() > told) {
        last += line.number() - told;
        told = line.number();
        lines.add(
            new LogLine(
                last, attempt, line.level(), Micros.instant(ago(now, line.ago())), line.text()));
      }
    }
    while (lines.size() > keep) {
      lines.remove();
    }
  }

  private static long ago(long now, Duration ago) {
    return now - Micros.of(ago);
  }

  Optional<Progress> progress() {
    return Optional.ofNullable(progress);
  }

  LogPage log(long after, int limit) {
    List<LogLine> page = lines.stream().filter(line -> line.number() > after).limit(limit).toList();
    return new LogPage(page, last - lines.size());
  }
}
