package dev.jobs4j.examples.chaos.wire;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A TCP proxy in front of the database, one for each process, so that its faults leave the others
 * alone. What is kept from passing is not lost but late, as TCP would have it: a statement that its
 * client has long given up may still arrive.
 */
public final class Wire implements AutoCloseable {

  private static final int BACKLOG = 100;

  private final ServerSocket listener;
  private final int server;
  private final Runnable onCut;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private final AtomicInteger cuts = new AtomicInteger();
  private volatile Duration delay = Duration.ZERO;
  private boolean requestsShut; // guarded by this
  private boolean answersShut; // guarded by this

  private Wire(ServerSocket listener, int server, Runnable onCut) {
    this.listener = listener;
    this.server = server;
    this.onCut = onCut;
  }

  /**
   * Opens a port of its own on loopback, from which all goes to {@code serverPort}.
   *
   * @param onCut is told whenever a connection was cut after a commit
   */
  public static Wire to(int serverPort, Runnable onCut) throws IOException {
    ServerSocket listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    Wire wire = new Wire(listener, serverPort, onCut);
    wire.threads.execute(wire::accept);
    return wire;
  }

  /** Where clients connect. */
  public int port() {
    return listener.getLocalPort();
  }

  /** Lets nothing pass in these directions from now on; connections stay open. */
  public synchronized void shut(boolean requests, boolean answers) {
    requestsShut = requests;
    answersShut = answers;
    notifyAll();
  }

  /** Lets everything pass {@code value} late, each way. */
  public void delay(Duration value) {
    delay = value;
  }

  /** The server is gone from all connections that are open now, and their clients are not told. */
  public void halfOpen() {
    links.forEach(Link::forgetServer);
  }

  /** Resets all connections, for both ends. */
  public void reset() {
    links.forEach(Link::reset);
  }

  /** Cuts the connection that commits next: the server has done it, the client is not told. */
  public void cutAtCommit() {
    cuts.incrementAndGet();
  }

  /** Lets everything pass at once again. */
  public void heal() {
    delay = Duration.ZERO;
    shut(false, false);
  }

  boolean takeCut() {
    return cuts.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
  }

  void cutHappened() {
    onCut.run();
  }

  void requestMayPass() throws InterruptedException {
    synchronized (this) {
      while (requestsShut) {
        wait();
      }
    }
    Thread.sleep(delay.toMillis());
  }

  void answerMayPass() throws InterruptedException {
    synchronized (this) {
      while (answersShut) {
        wait();
      }
    }
    Thread.sleep(delay.toMillis());
  }

  void forget(Link link) {
    links.remove(link);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        threads.execute(() -> connect(client));
      } catch (IOException e) {
        if (!listener.isClosed()) {
          throw new IllegalStateException("The wire takes no more connections", e);
        }
      }
    }
  }

  private void connect(Socket client) {
    try {
      Link link = new Link(this, client, new Socket(InetAddress.getLoopbackAddress(), server));
      links.add(link);
      threads.execute(link::pumpRequests);
      threads.execute(link::pumpAnswers);
    } catch (IOException e) {
      Link.resetQuietly(client); // no server there: the client is refused
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    reset();
    threads.shutdownNow();
  }
}
