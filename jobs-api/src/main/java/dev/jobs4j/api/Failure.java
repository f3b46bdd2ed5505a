package dev.jobs4j.api;

import java.util.function.UnaryOperator;

/**
 * What went wrong in an attempt, trimmed to fit a row. Control characters other than line breaks
 * and tabs are replaced by spaces.
 *
 * @param errorClass the class name of the error
 * @param message its message, at most {@value #MAX_MESSAGE} characters, empty if it had none
 * @param stack its stack trace, at most {@value #MAX_STACK} characters, empty if unknown
 */
public record Failure(String errorClass, String message, String stack) {

  /** The longest message kept, in characters. */
  public static final int MAX_MESSAGE = 2_000;

  /** The longest stack trace kept, in characters. */
  public static final int MAX_STACK = 6_000;

  /** Trims and cleans. */
  public Failure {
    errorClass = clean(errorClass, 200);
    message = clean(message, MAX_MESSAGE);
    stack = clean(stack, MAX_STACK);
  }

  /**
   * The failure that {@code error} tells of; never throws, whatever the error's own methods do. Of
   * a stack trace that is too long, each error in it, causes and suppressed ones too, keeps its
   * head.
   */
  public static Failure of(Throwable error) {
    return of(error, text -> text);
  }

  /**
   * The same, whose message and stack trace go through {@code redaction} before they are trimmed,
   * so that nothing is cut in the middle before it can be recognised.
   */
  public static Failure of(Throwable error, UnaryOperator<String> redaction) {
    String errorClass = error.getClass().getName();
    try {
      String message = error.getMessage();
      return new Failure(
          errorClass,
          message == null ? "" : redaction.apply(message),
          TrimmedStack.of(error, redaction, MAX_STACK));
    } catch (Throwable e) { // its methods are foreign code, and memory may be short
      return new Failure(errorClass, "", "");
    }
  }

  /**
   * What failures of one cause have in common, in 16 hexadecimal digits: a hash of the class of the
   * error and the first frame of its stack trace that belongs neither to the JDK nor to this
   * library. Messages and line numbers do not count.
   */
  public String fingerprint() {
    return Fingerprint.of(this);
  }

  /** By code point, so that a pair is never cut and a lone surrogate never stored. */
  private static String clean(String text, int max) {
    return text.codePoints()
        .limit(max)
        .map(c -> isUnprintable(c) ? ' ' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static boolean isUnprintable(int c) {
    return (Character.isISOControl(c) && c != '\n' && c != '\t')
        || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }
}
