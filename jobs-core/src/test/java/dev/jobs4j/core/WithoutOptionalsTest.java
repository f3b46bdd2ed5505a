package dev.jobs4j.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.JobType;
import dev.jobs4j.api.event.JobEvent;
import dev.jobs4j.core.memory.InMemoryJobStore;
import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Optional libraries are optional: jobs run on a class path that has none of them. */
class WithoutOptionalsTest {

  private static final List<String> OPTIONAL =
      List.of("protobuf-java", "json-schema-validator", "snakeyaml", "httpcore5");

  /** Runs in a class loader of its own. */
  public static final class OneJob implements Runnable {
    @Override
    public void run() {
      Endings endings = new Endings();
      var type = JobType.of("t", List.class);
      try (Jobs jobs =
          Jobs.builder()
              .store(InMemoryJobStore.create())
              .listener(endings)
              .handler(type, (payload, context) -> payload)
              .start()) {
        var id = jobs.enqueue(type, List.of("x")).id();
        endings.of(id, JobEvent.Succeeded.class);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static URL[] classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> OPTIONAL.stream().noneMatch(entry::contains))
        .map(WithoutOptionalsTest::url)
        .toArray(URL[]::new);
  }

  private static URL url(String entry) {
    try {
      return Path.of(entry).toUri().toURL();
    } catch (MalformedURLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aJobRunsWhereThereIsNone() throws ReflectiveOperationException, IOException {
    try (URLClassLoader loader =
        new URLClassLoader(classPath(), ClassLoader.getPlatformClassLoader())) {
      assertThat(loader.getResource("com/google/protobuf/MessageLite.class")).isNull();
      assertThat(loader.getResource("com/networknt/schema/Schema.class")).isNull();
      assertThat(loader.getResource("org/yaml/snakeyaml/Yaml.class")).isNull();
      assertThat(loader.getResource("org/apache/hc/core5/http/HttpRequest.class")).isNull();
      Class<?> job = loader.loadClass(OneJob.class.getName());
      assertThat(job).isNotEqualTo(OneJob.class);
      ((Runnable) job.getConstructor().newInstance()).run();
    }
  }
}
