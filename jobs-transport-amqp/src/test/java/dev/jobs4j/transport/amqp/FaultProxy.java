package dev.jobs4j.transport.amqp;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/**
 * Stands between client and broker, frame by frame: cuts connections, keeps frames back, and says
 * things that neither side would say by itself.
 */
final class FaultProxy implements AutoCloseable {

  /** A frame of AMQP 0-9-1; class and method are 0 unless it is a method. */
  record Frame(int type, int channel, byte[] payload) {
    boolean is(int classId, int methodId) {
      return type == 1
          && payload.length >= 4
          && ByteBuffer.wrap(payload).getShort(0) == classId
          && ByteBuffer.wrap(payload).getShort(2) == methodId;
    }
  }

  static final Predicate<Frame> BASIC_ACK = frame -> frame.is(60, 80);
  private static final Predicate<Frame> BASIC_CONSUME = frame -> frame.is(60, 20);
  private static final Predicate<Frame> CONFIRM_SELECT = frame -> frame.is(85, 10);

  private final ServerSocket server;
  private final String host;
  private final int brokerPort;
  private final List<Link> links = new CopyOnWriteArrayList<>();
  private volatile Predicate<Frame> keptFromClient = frame -> false;
  private volatile boolean refusing;

  FaultProxy(String host, int brokerPort) throws IOException {
    this.host = host;
    this.brokerPort = brokerPort;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "fault-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (!server.isClosed()) {
        Socket client = server.accept();
        if (refusing) {
          reset(client);
        } else {
          links.add(new Link(client, new Socket(host, brokerPort)));
        }
      }
    } catch (IOException e) {
      // closed
    }
  }

  /** Frames from the broker that the client shall not see. */
  void keepFromClient(Predicate<Frame> frames) {
    keptFromClient = frames;
  }

  /** Whether new connections are reset at once. */
  void refuse(boolean value) {
    refusing = value;
  }

  /** Breaks all connections with a reset. */
  void cut() {
    links.forEach(Link::cut);
    links.clear();
  }

  /** Has the client's side of the channel that consumes {@code queue} commit a fault. */
  void failChannelOf(String queue) throws IOException {
    for (Link link : links) {
      Integer channel = link.consuming.get(queue);
      if (channel != null) {
        link.toBroker(channel, passiveDeclare("no-such-queue-" + queue));
        return;
      }
    }
    throw new AssertionError("Nobody consumes " + queue);
  }

  private static byte[] passiveDeclare(String queue) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeShort(50);
    out.writeShort(10);
    out.writeShort(0);
    shortString(out, queue);
    out.writeByte(1); // passive
    out.writeInt(0); // no arguments
    return bytes.toByteArray();
  }

  /** Tells the client that publishes that the broker has an alarm. */
  void block(String reason) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeShort(10);
    out.writeShort(60);
    shortString(out, reason);
    publisher().toClient(0, bytes.toByteArray());
  }

  /** Tells the client that publishes that the alarm is over. */
  void unblock() throws IOException {
    publisher().toClient(0, new byte[] {0, 10, 0, 61});
  }

  private Link publisher() {
    return links.stream()
        .filter(link -> link.publishes)
        .reduce((first, second) -> second)
        .orElseThrow(() -> new AssertionError("Nobody publishes"));
  }

  private static void shortString(DataOutputStream out, String text) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.writeByte(utf8.length);
    out.write(utf8);
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      // gone already
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    cut();
  }

  private final class Link {
    private final Socket client;
    private final Socket broker;
    private final Map<String, Integer> consuming = new ConcurrentHashMap<>();
    private volatile boolean publishes;

    Link(Socket client, Socket broker) throws IOException {
      this.client = client;
      this.broker = broker;
      client.setTcpNoDelay(true);
      broker.setTcpNoDelay(true);
      start(this::fromClient);
      start(this::fromBroker);
    }

    private void fromClient() {
      try {
        DataInputStream in = new DataInputStream(client.getInputStream());
        byte[] header = new byte[8];
        in.readFully(header);
        write(broker, header);
        while (true) {
          Frame frame = read(in);
          note(frame);
          write(broker, bytes(frame));
        }
      } catch (IOException e) {
        cut();
      }
    }

    private void note(Frame frame) {
      publishes |= CONFIRM_SELECT.test(frame);
      if (BASIC_CONSUME.test(frame)) {
        int length = frame.payload()[6] & 0xFF;
        String queue = new String(frame.payload(), 7, length, StandardCharsets.UTF_8);
        consuming.put(queue, frame.channel());
      }
    }

    private void fromBroker() {
      try {
        DataInputStream in = new DataInputStream(broker.getInputStream());
        while (true) {
          Frame frame = read(in);
          if (!keptFromClient.test(frame)) {
            write(client, bytes(frame));
          }
        }
      } catch (IOException e) {
        cut();
      }
    }

    void toBroker(int channel, byte[] method) throws IOException {
      write(broker, bytes(new Frame(1, channel, method)));
    }

    void toClient(int channel, byte[] method) throws IOException {
      write(client, bytes(new Frame(1, channel, method)));
    }

    private void write(Socket socket, byte[] bytes) throws IOException {
      synchronized (socket) {
        OutputStream out = socket.getOutputStream();
        out.write(bytes);
        out.flush();
      }
    }

    void cut() {
      reset(client);
      reset(broker);
    }
  }

  private static Frame read(DataInputStream in) throws IOException {
    int type = in.readUnsignedByte();
    int channel = in.readUnsignedShort();
    byte[] payload = new byte[in.readInt()];
    in.readFully(payload);
    if (in.readUnsignedByte() != 0xCE) {
      throw new IOException("Not a frame");
    }
    return new Frame(type, channel, payload);
  }

  private static byte[] bytes(Frame frame) {
    return ByteBuffer.allocate(frame.payload().length + 8)
        .put((byte) frame.type())
        .putShort((short) frame.channel())
        .putInt(frame.payload().length)
        .put(frame.payload())
        .put((byte) 0xCE)
        .array();
  }
}
