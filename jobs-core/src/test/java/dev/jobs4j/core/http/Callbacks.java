package dev.jobs4j.core.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.jobs4j.api.JobContext;
import dev.jobs4j.api.JobOutcome;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Executors that may call a {@link Receiver}, and what came of a call. */
final class Callbacks {

  static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

  /** Every name is on loopback. */
  static final AddressLookup LOOPBACK = host -> List.of(address("127.0.0.1"));

  private Callbacks() {}

  static InetAddress address(String literal) throws UnknownHostException {
    return InetAddress.getByName(literal);
  }

  static String url(Receiver receiver) {
    return "http://receiver.test:" + receiver.port() + "/hook";
  }

  static CallbackTarget target(Receiver receiver) {
    return CallbackTarget.of("http://receiver.test:" + receiver.port()).inNetworks("127.0.0.0/8");
  }

  static HttpCallbackExecutor.Builder calling(Receiver receiver) {
    return HttpCallbackExecutor.builder().lookup(LOOPBACK).allow(target(receiver));
  }

  static HttpCallbackExecutor with(Receiver receiver, CallbackOptions.Builder options) {
    return calling(receiver).options(options.build()).build();
  }

  /** The message of the rejection that the call must end with. */
  static String rejection(HttpCallbackExecutor executor, HttpCallback callback) throws Exception {
    Object outcome = executor.execute(callback, new TestAttempt());
    assertThat(outcome).isInstanceOf(JobOutcome.Reject.class);
    return ((JobOutcome.Reject) outcome).why();
  }

  /** The error that the call must fail its attempt with. */
  static HttpCallbackException failure(HttpCallbackExecutor executor, HttpCallback callback) {
    return failure(executor, callback, new TestAttempt());
  }

  static HttpCallbackException failure(
      HttpCallbackExecutor executor, HttpCallback callback, JobContext context) {
    Throwable error = catchThrowable(() -> executor.execute(callback, context));
    assertThat(error).isInstanceOf(HttpCallbackException.class);
    return (HttpCallbackException) error;
  }
}
