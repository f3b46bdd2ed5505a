package dev.jobs4j.core.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.tck.EngineContract;
import dev.jobs4j.tck.JobStoreContract;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Cases run only where a contract nests them; those that are forgotten would fail nowhere. */
class CasesAreNestedTest {

  private static List<Class<?>> cases() throws IOException, URISyntaxException {
    Path classes =
        Path.of(JobStoreContract.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (Stream<Path> files = Files.list(classes.resolve("dev/jobs4j/tck"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith("Cases.class"))
          .<Class<?>>map(name -> named("dev.jobs4j.tck." + name.replace(".class", "")))
          .toList();
    }
  }

  private static Class<?> named(String name) {
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void allCasesAreNestedInAContract() throws Exception {
    List<Class<?>> cases = cases();
    Set<Class<?>> shared = cases.stream().map(Class::getSuperclass).collect(Collectors.toSet());
    List<Class<?>> nested =
        Stream.of(JobStoreContract.class, EngineContract.class)
            .flatMap(contract -> Stream.of(contract.getDeclaredClasses()))
            .filter(inner -> inner.isAnnotationPresent(Nested.class))
            .<Class<?>>map(Class::getSuperclass)
            .toList();

    assertThat(cases).hasSizeGreaterThan(40);
    assertThat(nested)
        .containsExactlyInAnyOrderElementsOf(
            cases.stream().filter(each -> !shared.contains(each)).toList());
  }
}
