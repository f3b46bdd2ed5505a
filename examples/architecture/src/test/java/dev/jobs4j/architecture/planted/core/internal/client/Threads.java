package dev.jobs4j.architecture.planted.core.internal.client;

import java.util.List;
import java.util.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.function.Function;

/** Each way to run something beside the caller. */
class Threads {
  private Threads() {}

  static class Pool {
    static final String VIOLATES = "6a";

    Object run() {
      return Executors.newCachedThreadPool();
    }
  }

  static class OwnPool {
    static final String VIOLATES = "6a";

    Object run() {
      return new ScheduledThreadPoolExecutor(1);
    }
  }

  static class CommonPool {
    static final String VIOLATES = "6a";

    Object run() {
      return ForkJoinPool.commonPool();
    }
  }

  static class Ticking {
    static final String VIOLATES = "6a";

    Object run() {
      return new Timer();
    }
  }

  static class Bare {
    static final String VIOLATES = "6b";

    Thread run() {
      return new Thread(() -> {});
    }
  }

  static class Reference {
    static final String VIOLATES = "6b";

    Function<Runnable, Thread> run() {
      return Thread::new;
    }
  }

  static class Async {
    static final String VIOLATES = "6b";

    Object run() {
      return CompletableFuture.runAsync(() -> {});
    }
  }

  static class Then {
    static final String VIOLATES = "6b";

    Object run() {
      return new CompletableFuture<String>().thenAcceptAsync(s -> {});
    }
  }

  static class Parallel {
    static final String VIOLATES = "6b";

    Object run() {
      return List.of(1, 2).parallelStream();
    }
  }
}
