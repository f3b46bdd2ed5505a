package dev.jobs4j.store.jdbc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A wire to a server that can be cut in the worst moment: the server has done it, nobody hears. */
final class Faults implements AutoCloseable {

  private final ServerSocket listener;
  private final int target;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final ConcurrentLinkedQueue<Socket> sockets = new ConcurrentLinkedQueue<>();

  /**
   * What a client must send for the wire to be cut at the server's answer to it; null for never.
   */
  private volatile String cutAfter;

  /** What came meanwhile is lost, as its line is. */
  private volatile boolean holdBack;

  Faults(int target) throws IOException {
    this.target = target;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.submit(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Cuts the wire when the server answers a message that contains this text. */
  void cutAtAnswerTo(String text) {
    cutAfter = text;
  }

  void heal() {
    cutAfter = null;
    holdBack = false;
  }

  /** From now on nothing passes, either way, and no end closes: the line is half open. */
  void holdBack() {
    holdBack = true;
  }

  private Void accept() throws IOException {
    while (!listener.isClosed()) {
      Socket client = listener.accept();
      Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
      sockets.add(client);
      sockets.add(server);
      Wire wire = new Wire(client, server);
      threads.submit(wire::pumpRequests);
      threads.submit(wire::pumpAnswers);
    }
    return null;
  }

  private final class Wire {
    private final Socket client;
    private final Socket server;
    private volatile boolean asked;

    Wire(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    Void pumpRequests() throws IOException {
      return pump(client, server, false);
    }

    Void pumpAnswers() throws IOException {
      return pump(server, client, true);
    }

    private Void pump(Socket from, Socket to, boolean answers) throws IOException {
      byte[] buffer = new byte[64 * 1024];
      try (from;
          to) {
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
          if (holdBack) {
            continue;
          }
          String text = cutAfter;
          if (answers && asked) {
            return null; // both ends close; the answer is lost
          }
          if (!answers && text != null && new String(buffer, 0, n, ISO_8859_1).contains(text)) {
            asked = true;
          }
          out.write(buffer, 0, n);
          out.flush();
        }
      }
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
    threads.shutdownNow();
  }
}
