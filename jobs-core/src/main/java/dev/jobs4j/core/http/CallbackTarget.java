package dev.jobs4j.core.http;

import dev.jobs4j.api.InvalidJobException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Where callbacks may go, with what holds for that receiver alone: its networks, its key, its TLS.
 * Immutable and thread-safe.
 */
public final class CallbackTarget {

  private static final Pattern FORM =
      Pattern.compile("(?:(https?)://)?(\\*|\\*\\.[^*]+?|[^*]+?)(?::(\\d{1,5}))?");

  private final String pattern;
  private final String scheme;
  private final @Nullable String suffix;
  private final @Nullable HostName host;
  private final int port;
  private final List<Network> networks;
  private final @Nullable SigningKey key;
  private final @Nullable SSLContext tls;

  private CallbackTarget(
      CallbackTarget from,
      List<Network> networks,
      @Nullable SigningKey key,
      @Nullable SSLContext tls) {
    this.pattern = from.pattern;
    this.scheme = from.scheme;
    this.suffix = from.suffix;
    this.host = from.host;
    this.port = from.port;
    this.networks = networks;
    this.key = key;
    this.tls = tls;
  }

  private CallbackTarget(String pattern) {
    Matcher matcher = FORM.matcher(pattern.toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw wrong(pattern, "it must be as https://hooks.example.com:8443");
    }
    this.pattern = pattern;
    this.scheme = Optional.ofNullable(matcher.group(1)).orElse("https");
    String name = matcher.group(2);
    this.suffix = name.startsWith("*") ? name.substring(1) : null;
    this.host = suffix == null ? host(pattern, name) : null;
    if (suffix != null && !suffix.isEmpty() && host(pattern, suffix.substring(1)).isAddress()) {
      throw wrong(pattern, "an address has no subdomains");
    }
    this.port =
        matcher.group(3) == null
            ? CallbackUrl.defaultPort(scheme)
            : Integer.parseInt(matcher.group(3));
    if (port < 1 || port > 65_535) {
      throw wrong(pattern, "its port must be 1 to 65535");
    }
    this.networks = List.of();
    this.key = null;
    this.tls = null;
  }

  /**
   * Allows one scheme, host and port: {@code hooks.example.com} means https on port 443, {@code
   * https://hooks.example.com:8443} another port, {@code http://…} a receiver without TLS. {@code
   * *.example.com} stands for every name below {@code example.com}, {@code *} for every name; both
   * leave out hosts that are written as an address. Only public addresses are called unless {@link
   * #inNetworks} says otherwise.
   *
   * @throws InvalidJobException if it is none of these
   */
  public static CallbackTarget of(String pattern) {
    return new CallbackTarget(pattern);
  }

  /**
   * Lets the target have addresses in networks of one's own, in CIDR notation, as {@code
   * 10.20.0.0/16}. They must be private (RFC 1918, RFC 6598, RFC 4193) or loopback; link-local and
   * cloud metadata addresses are never called.
   *
   * @throws InvalidJobException if a network is not such a one, or if the target is {@code *}: any
   *     name on the internet may be made to point into one's networks
   */
  public CallbackTarget inNetworks(String... cidrs) {
    if (suffix != null && suffix.isEmpty()) {
      throw wrong(pattern, "inNetworks needs a target with a host");
    }
    List<Network> own =
        Arrays.stream(cidrs).map(Network::parse).map(AddressRanges::requireOwn).toList();
    return new CallbackTarget(this, own, key, tls);
  }

  /**
   * Signs requests to the target with HMAC-SHA256.
   *
   * @param keyId tells the receiver which secret to check with: 1 to 64 of {@code A-Z a-z 0-9 . _
   *     -}
   * @param secret shared with this receiver alone, at least 32 bytes; copied
   * @throws InvalidJobException if either is not so
   */
  public CallbackTarget signedBy(String keyId, byte[] secret) {
    return new CallbackTarget(this, networks, new SigningKey(keyId, secret), tls);
  }

  /**
   * Decides by {@code context} which certificates of the target are trusted, and with which of
   * one's own to answer it. Without it the JVM's usual authorities are trusted and no certificate
   * is shown, whatever {@code javax.net.ssl.keyStore} says. The host name is checked either way.
   */
  public CallbackTarget tls(SSLContext context) {
    return new CallbackTarget(this, networks, key, context);
  }

  boolean allows(CallbackUrl url) {
    if (!url.scheme().equals(scheme) || url.port() != port) {
      return false;
    }
    if (suffix == null) {
      return url.host().equals(host);
    }
    return !url.host().isAddress() && url.host().text().endsWith(suffix);
  }

  List<Network> networks() {
    return networks;
  }

  Optional<SigningKey> key() {
    return Optional.ofNullable(key);
  }

  Optional<SSLContext> tls() {
    return Optional.ofNullable(tls);
  }

  private static HostName host(String pattern, String name) {
    try {
      return HostName.parse(name);
    } catch (InvalidJobException e) {
      throw wrong(pattern, e.getMessage() + "; it must be as https://hooks.example.com:8443");
    }
  }

  private static InvalidJobException wrong(String pattern, String why) {
    return new InvalidJobException("target \"" + pattern + "\": " + why);
  }

  /** The pattern, its networks and the id of its key. */
  @Override
  public String toString() {
    return pattern
        + (networks.isEmpty() ? "" : " in " + networks)
        + (key == null ? "" : " signed by " + key);
  }
}
