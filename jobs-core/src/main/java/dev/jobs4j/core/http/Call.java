package dev.jobs4j.core.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultBHttpClientConnection;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request to one of the addresses that were checked, and its answer, over a connection of its
 * own. Of HTTP there is the message format and nothing else: no redirect, proxy, cookie, login,
 * decompression or repeat could be forgotten to be switched off.
 */
final class Call {

  private static final Logger log = LoggerFactory.getLogger(Call.class);
  private static final Http1Config HTTP =
      Http1Config.custom().setMaxLineLength(8_192).setMaxHeaderCount(100).build();

  private final CallbackUrl url;
  private final SSLContext tls;
  private final CallbackOptions options;
  private final CallLimit limit;

  Call(CallbackUrl url, SSLContext tls, CallbackOptions options, CallLimit limit) {
    this.url = url;
    this.tls = tls;
    this.options = options;
    this.limit = limit;
  }

  /** The JVM's authorities and nobody's key: the default context would show the application's. */
  static SSLContext anonymousTls() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(new KeyManager[0], null, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java cannot make a TLS context", e);
    }
  }

  /**
   * Sends the request and reads the answer.
   *
   * @throws HttpException if what comes back is not HTTP
   * @throws IOException if nothing whole comes back, or the limit ends the call
   */
  Answer run(ClassicHttpRequest request, List<InetAddress> addresses)
      throws IOException, HttpException {
    try (LimitedSocket socket = connect(addresses)) {
      Socket secured = secured(socket);
      DefaultBHttpClientConnection connection = new DefaultBHttpClientConnection(HTTP);
      connection.bind(secured);
      ClassicHttpResponse response =
          new HttpRequestExecutor().execute(request, connection, HttpCoreContext.create());
      Answer answer = answer(response);
      if (!answer.truncated()) {
        sayGoodbye(secured);
      }
      return answer;
    }
  }

  /** Lets TLS close in order; an answer that is whole stays one whatever comes of it. */
  private static void sayGoodbye(Socket secured) {
    try {
      secured.close();
    } catch (IOException e) {
      log.debug("Connection did not close in order", e);
    }
  }

  /** The first address that can be connected to; the limit holds for all of them together. */
  private LimitedSocket connect(List<InetAddress> addresses) throws IOException {
    IOException failure = new IOException("the name has no address");
    for (InetAddress address : addresses) {
      LimitedSocket socket = new LimitedSocket(limit, options.responseTimeout());
      try {
        socket.connect(new InetSocketAddress(address, url.port()), options.connectTimeout());
        return socket;
      } catch (IOException | RuntimeException e) {
        socket.close();
        limit.check();
        failure = e instanceof IOException io ? io : new IOException("cannot be connected to", e);
      }
    }
    throw failure;
  }

  private Socket secured(LimitedSocket socket) throws IOException {
    if (!url.scheme().equals("https")) {
      return socket;
    }
    SSLSocket secured =
        (SSLSocket)
            tls.getSocketFactory().createSocket(socket, url.host().text(), url.port(), true);
    SSLParameters parameters = secured.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS"); // else any valid certificate would do
    secured.setSSLParameters(parameters);
    secured.startHandshake();
    return secured;
  }

  /** The entity is never closed: its stream would first read on to its end. */
  private Answer answer(ClassicHttpResponse response) throws IOException {
    byte[] body = new byte[0];
    boolean truncated = false;
    HttpEntity entity = response.getEntity();
    if (entity != null) {
      InputStream content = entity.getContent();
      body = content.readNBytes(options.maxResponseBytes());
      truncated = body.length == options.maxResponseBytes() && content.read() != -1;
    }
    return new Answer(
        response.getCode(),
        name -> {
          Header header = response.getFirstHeader(name);
          return header == null ? null : header.getValue();
        },
        body,
        truncated);
  }
}
