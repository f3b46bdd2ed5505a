package dev.jobs4j.core.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A socket whose every wait keeps to a {@link CallLimit}: connecting, reading, and writing too,
 * which a plain socket does without any timeout. TLS is laid over it and so keeps to it as well. It
 * knows of no SOCKS proxy. Belongs to the calling thread.
 */
final class LimitedSocket extends Socket {

  private final CallLimit limit;
  private final Duration silence;
  private final SocketChannel channel;
  private final Selector selector;
  private final InputStream in = new In();
  private final OutputStream out = new Out();

  /**
   * Opens a socket, not connected yet.
   *
   * @param silence the longest wait for the other side to send, or to take, something
   */
  LimitedSocket(CallLimit limit, Duration silence) throws IOException {
    this.limit = limit;
    this.silence = silence;
    channel = SocketChannel.open();
    Selector opened = null;
    try {
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      opened = Selector.open();
      channel.register(opened, 0);
    } catch (IOException e) {
      channel.close();
      if (opened != null) {
        opened.close();
      }
      throw e;
    }
    selector = opened;
  }

  /** Connects to exactly {@code address}. */
  void connect(InetSocketAddress address, Duration patience) throws IOException {
    limit.check();
    if (!channel.connect(address)) {
      do {
        limit.await(selector, SelectionKey.OP_CONNECT, patience, "connectTimeout");
      } while (!channel.finishConnect());
    }
  }

  private final class In extends InputStream {
    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) == -1 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      Objects.checkFromIndexSize(offset, length, bytes.length);
      ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
      while (true) {
        limit.check();
        int count = channel.read(buffer);
        if (count != 0 || length == 0) {
          return count;
        }
        limit.await(selector, SelectionKey.OP_READ, silence, "responseTimeout");
      }
    }
  }

  private final class Out extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
      while (buffer.hasRemaining()) {
        limit.check();
        if (channel.write(buffer) == 0) {
          limit.await(selector, SelectionKey.OP_WRITE, silence, "responseTimeout");
        }
      }
    }
  }

  @Override
  public InputStream getInputStream() {
    return in;
  }

  @Override
  public OutputStream getOutputStream() {
    return out;
  }

  @Override
  public synchronized void close() throws IOException {
    channel.close();
    selector.close();
  }

  // What TLS and the HTTP connection ask of a socket besides.

  @Override
  public boolean isConnected() {
    return channel.isConnected();
  }

  @Override
  public boolean isBound() {
    return channel.isConnected();
  }

  @Override
  public boolean isClosed() {
    return !channel.isOpen();
  }

  @Override
  public boolean isInputShutdown() {
    return isClosed();
  }

  @Override
  public boolean isOutputShutdown() {
    return isClosed();
  }

  @Override
  public void shutdownInput() throws IOException {
    channel.shutdownInput();
  }

  @Override
  public void shutdownOutput() throws IOException {
    channel.shutdownOutput();
  }

  @Override
  public @Nullable SocketAddress getRemoteSocketAddress() {
    return channel.socket().getRemoteSocketAddress();
  }

  @Override
  public @Nullable SocketAddress getLocalSocketAddress() {
    return channel.socket().getLocalSocketAddress();
  }

  @Override
  public @Nullable InetAddress getInetAddress() {
    return channel.socket().getInetAddress();
  }

  @Override
  public InetAddress getLocalAddress() {
    return channel.socket().getLocalAddress();
  }

  @Override
  public int getPort() {
    return channel.socket().getPort();
  }

  @Override
  public int getLocalPort() {
    return channel.socket().getLocalPort();
  }

  /** Ignored: {@code silence} holds for every wait. */
  @Override
  public synchronized void setSoTimeout(int millis) {}

  @Override
  public synchronized int getSoTimeout() {
    return (int) Math.min(Integer.MAX_VALUE, silence.toMillis());
  }

  @Override
  public void setSoLinger(boolean on, int seconds) throws SocketException {
    channel.socket().setSoLinger(on, seconds);
  }

  @Override
  public int getSoLinger() throws SocketException {
    return channel.socket().getSoLinger();
  }
}
