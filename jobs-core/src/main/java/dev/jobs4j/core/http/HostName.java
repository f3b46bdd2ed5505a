package dev.jobs4j.core.http;

import dev.jobs4j.api.InvalidJobException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A host of a URL in the one form that is checked, looked up, named in TLS and sent: a lower-case
 * ASCII name, or an address in its usual notation. What other software may read as another host is
 * refused and never guessed at.
 *
 * @param text the name, or the address in Java's notation, without brackets
 * @param address the address if the host is one
 */
record HostName(String text, @Nullable InetAddress address) {

  private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
  private static final Pattern NAME = Pattern.compile(LABEL + "(\\." + LABEL + ")*");
  private static final Pattern NUMERIC_END = Pattern.compile("(.*\\.)?([0-9]+|0x[0-9a-f]*)");
  private static final Pattern IPV4 =
      Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  /**
   * Reads the host part of a URL.
   *
   * @throws InvalidJobException if it is not in the one form
   */
  static HostName parse(String given) {
    String text = given.toLowerCase(Locale.ROOT);
    boolean bracketed = text.startsWith("[") && text.endsWith("]");
    String bare = bracketed ? text.substring(1, text.length() - 1) : text;
    Optional<InetAddress> address = literal(bare);
    if (address.isPresent() && bracketed == bare.contains(":")) {
      return new HostName(address.get().getHostAddress(), address.get());
    }
    if (bracketed || NUMERIC_END.matcher(text).matches()) {
      throw new InvalidJobException(
          "host must be a name, four decimal numbers such as 192.0.2.1, or an IPv6 address in"
              + " brackets without a zone");
    }
    if (text.endsWith(".")) {
      throw new InvalidJobException("host must not end with a dot");
    }
    if (text.length() > 253 || !NAME.matcher(text).matches()) {
      throw new InvalidJobException(
          "host must be of letters, digits, hyphens and dots; write an international name in its"
              + " xn-- form");
    }
    return new HostName(text, null);
  }

  /** The address that {@code text} writes in full, without asking anybody. */
  static Optional<InetAddress> literal(String text) {
    try {
      Matcher matcher = IPV4.matcher(text);
      if (matcher.matches()) {
        byte[] bytes = new byte[4];
        for (int i = 0; i < 4; i++) {
          String number = matcher.group(i + 1);
          int value = Integer.parseInt(number);
          if (value > 255 || (number.length() > 1 && number.startsWith("0"))) {
            return Optional.empty();
          }
          bytes[i] = (byte) value;
        }
        return Optional.of(InetAddress.getByAddress(bytes));
      }
      // With a colon in it, this either reads the text or throws; it never asks a name server.
      return IPV6.matcher(text).matches()
          ? Optional.of(InetAddress.getByName(text))
          : Optional.empty();
    } catch (UnknownHostException e) {
      return Optional.empty();
    }
  }

  boolean isAddress() {
    return address != null;
  }

  /** As a URL and the Host header write it. */
  @Override
  public String toString() {
    return text.contains(":") ? "[" + text + "]" : text;
  }
}
