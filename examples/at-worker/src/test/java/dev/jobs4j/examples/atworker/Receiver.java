package dev.jobs4j.examples.atworker;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * An HTTP endpoint that says by its path what it answers: a status, as {@code /500}; after so many
 * milliseconds, as {@code /200/1500}, or only the first time, as {@code /200/1500/once}; {@code
 * /flaky} answers 500 to the first attempt alone.
 */
final class Receiver implements AutoCloseable {

  /** What came. */
  record Received(String path, String body, String contentType, String job, int attempt) {}

  private final List<Received> all = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  Receiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::receive);
    server.start();
  }

  private void receive(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      int attempt = Integer.parseInt(exchange.getRequestHeaders().getFirst("Job-Attempt"));
      String type = exchange.getRequestHeaders().getFirst("Content-Type");
      String job = exchange.getRequestHeaders().getFirst("Idempotency-Key");
      all.add(new Received(path, body, type, job, attempt));
      String[] words = path.substring(1).split("/");
      if (words.length == 2 || (words.length > 2 && with(body).size() == 1)) {
        TimeUnit.MILLISECONDS.sleep(Long.parseLong(words[1]));
      }
      boolean flaky = words[0].equals("flaky");
      int status = flaky ? (attempt == 1 ? 500 : 200) : Integer.parseInt(words[0]);
      exchange.sendResponseHeaders(status, -1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  /** The HTTP_TARGETS of a worker that may call it. */
  String target() {
    return url("") + " 127.0.0.0/8";
  }

  List<Received> all() {
    return List.copyOf(all);
  }

  /** Those with this body. */
  List<Received> with(String body) {
    return all.stream().filter(received -> received.body().equals(body)).toList();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
