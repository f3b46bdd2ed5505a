package dev.jobs4j.api;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A stack trace cut to size so that every error in it keeps its head: what was thrown, what caused
 * it and what was suppressed each get a share of the room, and what a short one leaves goes to the
 * longer ones. Cutting at the end would lose the root cause, which the JDK prints last.
 */
final class TrimmedStack {

  /** Of more errors than this the middle ones go, or each would keep too little to be of use. */
  private static final int MOST_ERRORS = 20;

  private TrimmedStack() {}

  /** The stack trace of {@code error}, redacted, in at most {@code max} characters. */
  static String of(Throwable error, UnaryOperator<String> redaction, int max) {
    StringWriter text = new StringWriter();
    error.printStackTrace(new PrintWriter(text));
    return of(redaction.apply(text.toString()), max);
  }

  static String of(String trace, int max) {
    if (trace.length() <= max) {
      return trace;
    }
    List<String> errors = withoutMiddle(errors(trace));
    StringBuilder kept = new StringBuilder();
    int[] shares = shares(errors, max);
    for (int i = 0; i < errors.size(); i++) {
      kept.append(cut(errors.get(i), shares[i]));
    }
    return kept.toString();
  }

  /** The trace in parts that begin with an error's head; together they are the trace. */
  private static List<String> errors(String trace) {
    List<String> errors = new ArrayList<>();
    int from = 0;
    int line = trace.indexOf('\n') + 1;
    while (line > 0 && line < trace.length()) {
      if (isHead(trace, line)) {
        errors.add(trace.substring(from, line));
        from = line;
      }
      line = trace.indexOf('\n', line) + 1;
    }
    errors.add(trace.substring(from));
    return errors;
  }

  private static boolean isHead(String trace, int line) {
    int text = line;
    while (text < trace.length() && trace.charAt(text) == '\t') {
      text++;
    }
    return trace.startsWith("Caused by: ", text) || trace.startsWith("Suppressed: ", text);
  }

  private static List<String> withoutMiddle(List<String> errors) {
    if (errors.size() <= MOST_ERRORS) {
      return errors;
    }
    int half = MOST_ERRORS / 2;
    List<String> ends = new ArrayList<>(errors.subList(0, half));
    ends.add("\t... " + (errors.size() - MOST_ERRORS) + " more errors\n");
    ends.addAll(errors.subList(errors.size() - half, errors.size()));
    return ends;
  }

  /** How much room each part gets: an equal share, and what the short ones leave. */
  private static int[] shares(List<String> parts, int max) {
    int[] shares = new int[parts.size()];
    int room = max;
    int open = parts.size();
    boolean settled = false;
    while (!settled && open > 0) {
      settled = true;
      int share = room / open;
      for (int i = 0; i < shares.length; i++) {
        int length = parts.get(i).length();
        if (shares[i] == 0 && length <= share) {
          shares[i] = length;
          room -= length;
          open--;
          settled = false;
        }
      }
    }
    for (int i = 0; i < shares.length; i++) {
      shares[i] = shares[i] == 0 ? room / open : shares[i];
    }
    return shares;
  }

  /**
   * As many whole lines as fit, and how many are missing; of a first line that is too long, its
   * head.
   */
  private static String cut(String part, int room) {
    if (part.length() <= room) {
      return part;
    }
    String note = "\t... cut\n";
    int keep = Math.max(0, room - note.length());
    int end = part.lastIndexOf('\n', keep - 1) + 1;
    return end > 0
        ? part.substring(0, end) + note
        : part.substring(0, Math.max(0, keep - 1)) + "\n" + note;
  }
}
