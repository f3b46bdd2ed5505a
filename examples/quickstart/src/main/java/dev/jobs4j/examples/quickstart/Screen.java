package dev.jobs4j.examples.quickstart;

import java.io.Console;
import java.io.PrintStream;
import java.util.Locale;

/**
 * Where a run is told to people: on a terminal with a bar on the last line that redraws itself,
 * elsewhere in plain lines. Thread-safe.
 */
final class Screen {

  private static final int BAR = 30;
  private static final int WIDTH = 79;
  private static final String WIPE = "\r\u001b[K";

  private final PrintStream out;
  private final PrintStream err;
  private final boolean live;

  /** What the last line shows; empty if there is no bar. Guarded by {@code this}. */
  private String bar = "";

  Screen(PrintStream out, PrintStream err, boolean live) {
    this.out = out;
    this.err = err;
    this.live = live;
  }

  /** The process's own streams; live on a terminal that can redraw, unless NO_COLOR is set. */
  static Screen standard() {
    boolean plain =
        System.getenv("NO_COLOR") != null
            || System.getenv("TERM") == null
            || System.getenv("TERM").equals("dumb");
    return new Screen(System.out, System.err, !plain && isTerminal());
  }

  /**
   * Before Java 22 there is a console if and only if both ends are a terminal; since, it is asked.
   */
  @SuppressWarnings("SystemConsoleNull") // both cases are looked at
  private static boolean isTerminal() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }

  /** One line that stays. */
  synchronized void line(String text) {
    wipe();
    out.println(printable(text));
    out.print(bar);
    out.flush();
  }

  /** One line for what went wrong. */
  synchronized void error(String text) {
    wipe();
    bar = "";
    out.flush();
    err.println(printable(text));
  }

  /** {@code what} is the last of {@code done} things of {@code total} that ended, {@code how}. */
  synchronized void progress(int done, int total, String what, String how) {
    String count =
        String.format(Locale.ROOT, "%" + Integer.toString(total).length() + "d/%d", done, total);
    if (!live) {
      line("[" + count + "] " + what + ": " + how);
      return;
    }
    int filled = (int) ((long) BAR * done / total);
    String text = "[" + "#".repeat(filled) + ".".repeat(BAR - filled) + "] " + count + "  " + what;
    wipe();
    bar = printable(text.length() > WIDTH ? text.substring(0, WIDTH) : text);
    out.print(bar);
    out.flush();
  }

  /** Takes the bar away. */
  synchronized void endProgress() {
    wipe();
    bar = "";
    out.flush();
  }

  private void wipe() {
    if (!bar.isEmpty()) {
      out.print(WIPE);
    }
  }

  /** The name of a file may hold anything. */
  private static String printable(String text) {
    return text.codePoints()
        .map(c -> Character.isISOControl(c) && c != '\n' ? '?' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
