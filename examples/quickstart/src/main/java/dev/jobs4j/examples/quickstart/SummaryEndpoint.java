package dev.jobs4j.examples.quickstart;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands in for the system that wants the summary: an HTTP endpoint on this machine that is
 * overloaded at first. It keeps what it received last in a file.
 */
final class SummaryEndpoint implements AutoCloseable {

  /** How many requests it answers with 503 before it is well. */
  static final int REFUSALS = 2;

  private final HttpServer server;
  private final OutFolder out;
  private final AtomicInteger requests = new AtomicInteger();

  private SummaryEndpoint(HttpServer server, OutFolder out) {
    this.server = server;
    this.out = out;
  }

  /** Starts on a free port of the loopback address. */
  static SummaryEndpoint start(OutFolder out) {
    try {
      InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
      HttpServer server = HttpServer.create(new InetSocketAddress(loopback, 0), 0);
      SummaryEndpoint endpoint = new SummaryEndpoint(server, out);
      server.createContext("/summary", endpoint::receive);
      server.start();
      return endpoint;
    } catch (IOException e) {
      throw new RunFailedException(
          ExitCode.STOPPED, "No port for the local endpoint on 127.0.0.1: " + e.getMessage(), e);
    }
  }

  URI address() {
    InetSocketAddress bound = server.getAddress();
    return URI.create(
        "http://" + bound.getAddress().getHostAddress() + ":" + bound.getPort() + "/summary");
  }

  private void receive(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      int status = 503;
      if (requests.incrementAndGet() > REFUSALS) {
        out.write(out.summary(), body);
        status = 204;
      }
      exchange.sendResponseHeaders(status, -1);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
