package dev.jobs4j.core.http;

import dev.jobs4j.api.InvalidJobException;
import java.net.InetAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A range of addresses in CIDR notation, such as {@code 10.20.0.0/16} or {@code fd12::/32}. */
final class Network {

  private static final Pattern CIDR = Pattern.compile("([0-9A-Fa-f.:]+)/(\\d{1,3})");

  private final String text;
  private final byte[] base;
  private final int bits;

  private Network(String text, byte[] base, int bits) {
    this.text = text;
    this.base = base;
    this.bits = bits;
  }

  /**
   * Reads CIDR notation.
   *
   * @throws InvalidJobException if it is none, or if the address has bits beyond the prefix
   */
  static Network parse(String text) {
    Matcher matcher = CIDR.matcher(text);
    if (matcher.matches()) {
      byte[] base =
          HostName.literal(matcher.group(1)).map(InetAddress::getAddress).orElse(new byte[0]);
      int bits = Integer.parseInt(matcher.group(2));
      if (bits <= base.length * 8 && base.length > 0 && isZeroFrom(base, bits)) {
        return new Network(text, base, bits);
      }
    }
    throw new InvalidJobException(
        "network must be in CIDR notation such as 10.20.0.0/16, with no bits set beyond the prefix,"
            + " was \""
            + text
            + "\"");
  }

  boolean contains(InetAddress address) {
    return startsWith(address.getAddress());
  }

  /** Whether every address of {@code other} is one of these. */
  boolean contains(Network other) {
    return other.bits >= bits && startsWith(other.base);
  }

  private boolean startsWith(byte[] address) {
    if (address.length != base.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      if (isSet(address, bit) != isSet(base, bit)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isZeroFrom(byte[] address, int firstBit) {
    for (int bit = firstBit; bit < address.length * 8; bit++) {
      if (isSet(address, bit)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSet(byte[] address, int bit) {
    return (address[bit / 8] >> (7 - bit % 8) & 1) == 1;
  }

  @Override
  public String toString() {
    return text;
  }
}
