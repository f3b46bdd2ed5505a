package dev.jobs4j.core.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Finds the addresses of a host name. It is asked once for each call, every address it answers is
 * checked, and the connection goes to one of exactly these: a name that changes its mind between
 * check and connect changes nothing. Must be thread-safe.
 */
@FunctionalInterface
public interface AddressLookup {

  /**
   * The addresses of {@code host}, in the order in which to try them. The call's total time runs
   * meanwhile but cannot cut a look-up short; an implementation should give up by itself.
   *
   * @throws UnknownHostException if there is none; the job is tried again
   */
  List<InetAddress> addressesOf(String host) throws UnknownHostException;

  /** Asks the operating system, which has its own timeout. */
  static AddressLookup system() {
    return host -> List.of(InetAddress.getAllByName(host));
  }
}
