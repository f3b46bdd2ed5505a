package dev.jobs4j.examples.chaos.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/** One connection over a wire: two sockets, and a thread for each direction. */
final class Link {

  private static final int BUFFER = 64 * 1024;
  private static final long NEVER = Long.MAX_VALUE;

  private final Wire wire;
  private final Socket client;
  private final Socket server;
  private final Conversation conversation = new Conversation();

  /** How many answers there are when it is to be cut. */
  private volatile long cutAt = NEVER;

  private volatile boolean serverForgotten;

  Link(Wire wire, Socket client, Socket server) throws IOException {
    this.wire = wire;
    this.client = client;
    this.server = server;
    client.setTcpNoDelay(true);
    server.setTcpNoDelay(true);
  }

  void pumpRequests() {
    byte[] buffer = new byte[BUFFER];
    try {
      InputStream in = client.getInputStream();
      OutputStream out = server.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        wire.requestMayPass();
        if (serverForgotten) {
          continue;
        }
        if (conversation.fromClient(buffer, n) && wire.takeCut()) {
          cutAt = conversation.asked();
        }
        out.write(buffer, 0, n);
      }
      end();
    } catch (IOException e) {
      endUnlessForgotten();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the wire is closed
    }
  }

  void pumpAnswers() {
    byte[] buffer = new byte[BUFFER];
    try {
      InputStream in = server.getInputStream();
      OutputStream out = client.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (conversation.fromServer(buffer, n) >= cutAt) {
          wire.cutHappened();
          reset();
          return;
        }
        if (cutAt != NEVER) {
          continue; // the commit is answered, and nobody hears it
        }
        wire.answerMayPass();
        if (!serverForgotten) {
          out.write(buffer, 0, n);
        }
      }
      endUnlessForgotten();
    } catch (IOException e) {
      endUnlessForgotten();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the wire is closed
    }
  }

  /** The server's end closes; the client's stays open, and nobody reads what it says. */
  void forgetServer() {
    serverForgotten = true;
    closeQuietly(server);
  }

  void reset() {
    wire.forget(this);
    resetQuietly(client);
    resetQuietly(server);
  }

  private void endUnlessForgotten() {
    if (!serverForgotten) {
      end();
    }
  }

  private void end() {
    wire.forget(this);
    closeQuietly(client);
    closeQuietly(server);
  }

  static void resetQuietly(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      // it is closed already
    }
    closeQuietly(socket);
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // nothing is left to close
    }
  }
}
