package dev.jobs4j.core.http;

import dev.jobs4j.api.InvalidJobException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A URL taken apart once, by one parser: what is checked here is what is connected to and sent.
 *
 * @param scheme {@code https} or {@code http}
 * @param host where to
 * @param port never absent: the scheme's own stands in
 * @param requestTarget path and query as they were written
 * @param shown the URL for people: without user info, query and fragment
 */
record CallbackUrl(String scheme, HostName host, int port, String requestTarget, String shown) {

  private static final int MAX_LENGTH = 8_000;
  private static final int MAX_SHOWN = 300;

  /**
   * Reads a URL.
   *
   * @throws InvalidJobException if it is none, or is written in a way that is refused
   */
  static CallbackUrl parse(String text) {
    URI uri = read(text);
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("https") && !scheme.equals("http")) {
      throw new InvalidJobException("url must start with https:// or http://");
    }
    if (uri.getRawUserInfo() != null) {
      throw new InvalidJobException("url must not hold user info (name:password@)");
    }
    if (uri.getRawFragment() != null) {
      throw new InvalidJobException("url must not hold a fragment (#)");
    }
    HostName host = HostName.parse(authorityHost(uri));
    int port = uri.getPort() == -1 ? defaultPort(scheme) : uri.getPort();
    if (port < 1 || port > 65_535) {
      throw new InvalidJobException("url's port must be 1 to 65535, was " + port);
    }
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    return new CallbackUrl(scheme, host, port, path + query, shown(uri));
  }

  private static URI read(String text) {
    if (text.isEmpty()) {
      throw new InvalidJobException("url is missing");
    }
    if (text.length() > MAX_LENGTH) {
      throw new InvalidJobException(
          "url must have at most " + MAX_LENGTH + " characters, had " + text.length());
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c >= 0x7F || c == '\\') {
        throw new InvalidJobException(
            "url must hold visible ASCII only and no backslash; see its character " + (i + 1));
      }
    }
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      // Not as the cause: its message tells the whole text.
      throw new InvalidJobException(
          "url cannot be read: " + e.getReason() + " at character " + (e.getIndex() + 1));
    }
  }

  /** The URI's own host where it found one; else the authority, for an error that says why not. */
  private static String authorityHost(URI uri) {
    if (uri.getHost() != null) {
      return uri.getHost();
    }
    String authority = uri.getRawAuthority();
    if (authority == null || authority.isEmpty()) {
      throw new InvalidJobException("url must name a host, as https://host/path");
    }
    if (authority.contains("@")) {
      throw new InvalidJobException("url must not hold user info (name:password@)");
    }
    HostName.parse(authority.replaceFirst(":\\d*$", ""));
    throw new InvalidJobException("url's host and port cannot be read");
  }

  static int defaultPort(String scheme) {
    return scheme.equals("https") ? 443 : 80;
  }

  /** The Host header: the port only where it is not the scheme's own. */
  String authority() {
    return port == defaultPort(scheme) ? host.toString() : host + ":" + port;
  }

  /** Any text that should be a URL, for logs and errors: what may hold a secret is left out. */
  static String shown(@Nullable String text) {
    try {
      return shown(read(text == null ? "" : text));
    } catch (InvalidJobException e) {
      return "(unreadable URL)";
    }
  }

  private static String shown(URI uri) {
    if (uri.getHost() == null || uri.getScheme() == null) {
      return "(URL without a readable host)";
    }
    String port = uri.getPort() == -1 ? "" : ":" + uri.getPort();
    String text = uri.getScheme() + "://" + uri.getHost() + port + uri.getRawPath();
    return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
  }
}
