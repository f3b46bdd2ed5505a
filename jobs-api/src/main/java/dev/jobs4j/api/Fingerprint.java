package dev.jobs4j.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What two failures of one cause have in common: the class of the error and the first frame of its
 * trace that is the application's own. Messages hold ids and line numbers change with every edit,
 * so neither counts; nor do the numbers that compilers and proxies put into names.
 */
final class Fingerprint {

  /** Frames that say how the application was called or what it called, not what it was doing. */
  private static final List<String> FOREIGN =
      List.of(
          "java.",
          "javax.",
          "jdk.",
          "sun.",
          "com.sun.",
          "dev.jobs4j.api.",
          "dev.jobs4j.spi.",
          "dev.jobs4j.core.",
          "dev.jobs4j.store.",
          "dev.jobs4j.transport.",
          "dev.jobs4j.spring.");

  /** The number of a lambda, of a proxy and of an anonymous class; the address of a hidden one. */
  private static final Pattern NUMBERED = Pattern.compile("(?<=[$])\\d+|/0x[0-9a-f]+");

  private static final int BYTES = 8;

  private Fingerprint() {}

  static String of(Failure failure) {
    String cause = plain(failure.errorClass()) + "\n" + ownFrame(failure.stack()).orElse("");
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(cause.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new JobException("SHA-256 is part of every JDK, but not of this one", e);
    }
  }

  private static Optional<String> ownFrame(String stack) {
    return stack
        .lines()
        .map(String::strip)
        .filter(line -> line.startsWith("at ") && line.indexOf('(') > 0)
        .map(line -> plain(line.substring("at ".length(), line.indexOf('('))))
        .map(frame -> frame.substring(frame.lastIndexOf('/') + 1)) // its loader and module
        .filter(frame -> FOREIGN.stream().noneMatch(frame::startsWith))
        .findFirst();
  }

  private static String plain(String name) {
    return NUMBERED.matcher(name).replaceAll("");
  }
}
