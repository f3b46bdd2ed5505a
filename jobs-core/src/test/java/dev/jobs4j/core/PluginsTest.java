package dev.jobs4j.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.jobs4j.api.InvalidJobException;
import dev.jobs4j.api.event.JobEvent;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginsTest {

  private static final List<String> CALLS = new ArrayList<>();

  @TempDir Path jar;

  @BeforeEach
  void forget() {
    CALLS.clear();
  }

  /** Brings a handler. */
  public static final class Brings implements JobsPlugin {
    @Override
    public void configure(JobsBuilder builder) {
      CALLS.add("brings");
      builder.handler(OneJob.TYPE, (payload, context) -> CALLS.add("ran " + payload));
    }
  }

  /** Asks for all plug-ins again, itself among them. */
  public static final class Asks implements JobsPlugin {
    @Override
    public void configure(JobsBuilder builder) {
      CALLS.add("asks");
      builder.plugins(getClass().getClassLoader()).plugins();
    }
  }

  /** Cannot do what it should. */
  public static final class Fails implements JobsPlugin {
    @Override
    public void configure(JobsBuilder builder) {
      throw new IllegalStateException("no licence");
    }
  }

  /** Lacks a library. */
  public static final class Lacks implements JobsPlugin {
    @Override
    public void configure(JobsBuilder builder) {
      throw new NoClassDefFoundError("com/example/Missing");
    }
  }

  /** Cannot even be made. */
  public static final class Unmade implements JobsPlugin {
    public Unmade() {
      throw new IllegalStateException("never");
    }

    @Override
    public void configure(JobsBuilder builder) {}
  }

  /** A class loader that finds these plug-ins. */
  private ClassLoader with(Class<?>... plugins) throws IOException {
    return naming(Stream.of(plugins).map(Class::getName).collect(Collectors.joining("\n")));
  }

  private ClassLoader naming(String lines) throws IOException {
    Path services = Files.createDirectories(jar.resolve("META-INF/services"));
    Files.writeString(services.resolve(JobsPlugin.class.getName()), lines);
    return new URLClassLoader(new URL[] {jar.toUri().toURL()}, getClass().getClassLoader());
  }

  @Test
  void aPluginBringsWhatABuilderTakes() throws Exception {
    ClassLoader loader = with(Brings.class);
    JobEvent end = OneJob.end(builder -> builder.plugins(loader));
    assertThat(end).isInstanceOf(JobEvent.Succeeded.class);
    assertThat(CALLS).containsExactly("brings", "ran payload");
  }

  @Test
  void nothingIsLoadedUnasked() throws Exception {
    Thread.currentThread().setContextClassLoader(with(Brings.class));
    try {
      assertThat(Jobs.builder().hasHandlers()).isFalse();
      assertThat(CALLS).isEmpty();
      assertThat(Jobs.builder().plugins().hasHandlers()).isTrue();
    } finally {
      Thread.currentThread().setContextClassLoader(getClass().getClassLoader());
    }
  }

  @Test
  void withoutAContextClassLoaderTheLibrarysOwnIsAsked() {
    Thread.currentThread().setContextClassLoader(null);
    try {
      assertThat(Jobs.builder().plugins().hasHandlers()).isFalse();
    } finally {
      Thread.currentThread().setContextClassLoader(getClass().getClassLoader());
    }
  }

  @Test
  void eachConfiguresABuilderOnce() throws Exception {
    ClassLoader loader = with(Asks.class, Brings.class);
    Jobs.builder().plugins(loader).plugins(loader);
    assertThat(CALLS).containsExactly("asks", "brings");
    Jobs.builder().plugins(loader);
    assertThat(CALLS).containsExactly("asks", "brings", "asks", "brings");
  }

  @Test
  void aBrokenOneIsNamed() throws Exception {
    refused(with(Fails.class), "Plug-in " + Fails.class.getName() + " failed: no licence");
    refused(with(Lacks.class), "Plug-in " + Lacks.class.getName() + " failed: com/example/Missing");
    refused(
        with(Unmade.class), "Provider " + Unmade.class.getName() + " could not be instantiated");
    refused(with(PluginsTest.class), "PluginsTest not a subtype");
    refused(naming("com.example.Gone"), "Provider com.example.Gone not found");
  }

  @Test
  void oneThatCannotBeLoadedLeavesTheBuilderAsItWas() throws Exception {
    JobsBuilder builder = Jobs.builder();
    ClassLoader loader = with(Brings.class, Unmade.class);
    assertThatThrownBy(() -> builder.plugins(loader)).isInstanceOf(InvalidJobException.class);
    assertThat(builder.hasHandlers()).isFalse();
  }

  private static void refused(ClassLoader loader, String message) {
    assertThatThrownBy(() -> Jobs.builder().plugins(loader))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageContaining(message);
  }
}
