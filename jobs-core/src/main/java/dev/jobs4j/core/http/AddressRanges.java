package dev.jobs4j.core.http;

import dev.jobs4j.api.InvalidJobException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which addresses are not on the public internet, by the IANA registries of special-purpose
 * addresses (RFC 6890 and its successors, as of 2026). Of IPv6 only 2000::/3 is public.
 */
final class AddressRanges {

  /** What a host may open to its own targets, by name of the range. */
  private static final Map<Network, String> OWN =
      ranges(
          "127.0.0.0/8 loopback",
          "10.0.0.0/8 private",
          "172.16.0.0/12 private",
          "192.168.0.0/16 private",
          "100.64.0.0/10 shared (CGNAT)",
          "::1/128 loopback",
          "fc00::/7 private (ULA)");

  /** Never called: they give out a machine's own credentials, and some look public or private. */
  private static final Map<Network, String> METADATA =
      ranges(
          "169.254.0.0/16 link-local or cloud metadata",
          "168.63.129.16/32 cloud metadata",
          "100.100.100.200/32 cloud metadata",
          "192.0.0.192/32 cloud metadata",
          "fd00:ec2::254/128 cloud metadata",
          "fd20:ce::254/128 cloud metadata");

  private static final Map<Network, String> OTHERS =
      ranges(
          "0.0.0.0/8 this network",
          "192.0.0.0/24 protocol assignments",
          "192.0.2.0/24 documentation",
          "192.31.196.0/24 AS112",
          "192.52.193.0/24 AMT",
          "192.88.99.0/24 6to4 relay",
          "192.175.48.0/24 AS112",
          "198.18.0.0/15 benchmarking",
          "198.51.100.0/24 documentation",
          "203.0.113.0/24 documentation",
          "224.0.0.0/4 multicast",
          "240.0.0.0/4 reserved or broadcast",
          "fe80::/10 link-local",
          "ff00::/8 multicast",
          "2001::/23 protocol assignments or Teredo",
          "2001:db8::/32 documentation",
          "2002::/16 6to4",
          "3fff::/20 documentation");

  private static final Network PUBLIC_IPV6 = Network.parse("2000::/3");
  private static final Network NAT64 = Network.parse("64:ff9b::/96");
  private static final byte[] IPV4_MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

  private AddressRanges() {}

  /**
   * Why {@code address} must not be called, or empty.
   *
   * @param opened the networks of its own that the host opened to the target
   */
  static Optional<String> refusal(InetAddress address, List<Network> opened) {
    InetAddress plain = unmapped(address);
    Optional<String> metadata = rangeOf(plain, METADATA);
    if (metadata.isPresent() || opened.stream().anyMatch(network -> network.contains(plain))) {
      return metadata;
    }
    if (NAT64.contains(plain)) {
      return refusal(lastFourBytes(plain), List.of()).map(range -> "NAT64 of " + range);
    }
    Optional<String> range = rangeOf(plain, OWN).or(() -> rangeOf(plain, OTHERS));
    if (range.isEmpty() && plain.getAddress().length == 16) {
      return isPublic(plain) ? Optional.empty() : Optional.of("reserved");
    }
    return range;
  }

  /**
   * Refuses to open what is not the host's own, so that no wide range opens all.
   *
   * @throws InvalidJobException if {@code network} is not within a private or loopback range
   */
  static Network requireOwn(Network network) {
    if (OWN.keySet().stream().noneMatch(own -> own.contains(network))) {
      throw new InvalidJobException(
          "inNetworks must be within one of " + OWN.keySet() + ", was " + network);
    }
    return network;
  }

  private static Optional<String> rangeOf(InetAddress address, Map<Network, String> ranges) {
    return ranges.entrySet().stream()
        .filter(range -> range.getKey().contains(address))
        .findFirst()
        .map(Map.Entry::getValue);
  }

  /** ISATAP hides an IPv4 address behind any prefix. */
  private static boolean isPublic(InetAddress address) {
    byte[] bytes = address.getAddress();
    boolean isatap =
        (bytes[8] & 0xFD) == 0 && bytes[9] == 0 && bytes[10] == 0x5E && bytes[11] == -2;
    return PUBLIC_IPV6.contains(address) && !isatap;
  }

  private static InetAddress unmapped(InetAddress address) {
    byte[] bytes = address.getAddress();
    return bytes.length == 16 && Arrays.equals(Arrays.copyOf(bytes, 12), IPV4_MAPPED)
        ? lastFourBytes(address)
        : address;
  }

  private static InetAddress lastFourBytes(InetAddress address) {
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(address.getAddress(), 12, 16));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }

  private static Map<Network, String> ranges(String... lines) {
    Map<Network, String> ranges = new LinkedHashMap<>();
    for (String line : lines) {
      int space = line.indexOf(' ');
      ranges.put(Network.parse(line.substring(0, space)), line.substring(space + 1));
    }
    return ranges;
  }
}
