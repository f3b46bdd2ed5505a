package dev.jobs4j.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import dev.jobs4j.architecture.ArchitectureRules.Rule;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the production classes of all modules to the architecture rules. */
class ArchitectureTest {
  private static final String ROOT = "dev.jobs4j";

  /** All modules together, so that a rule sees across jars. Tests and examples are left out. */
  private static final JavaClasses PRODUCTION =
      new ClassFileImporter().withImportOption(new DoNotIncludeTests()).importPackages(ROOT);

  static Stream<Rule> rules() {
    return Stream.concat(
        ArchitectureRules.forRoot(ROOT).stream(),
        Stream.of(ArchitectureRules.everyPackageIsNullMarked()));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void theLibraryKeepsTheRule(Rule rule) {
    rule.rule().check(PRODUCTION);
  }

  /** A module that fell off the class path would make its rules true of nothing. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "api",
        "spi",
        "core",
        "store.jdbc",
        "store.mongo",
        "transport.kafka",
        "transport.amqp",
        "spring"
      })
  void everyModuleIsLookedAt(String name) {
    assertThat(PRODUCTION)
        .anyMatch(type -> (type.getPackageName() + ".").startsWith(ROOT + "." + name + "."));
  }

  @ParameterizedTest
  @ValueSource(strings = {"architecture", "examples", "tck"})
  void testsAndExamplesAreNotLookedAt(String name) {
    assertThat(PRODUCTION).noneMatch(type -> type.getPackageName().startsWith(ROOT + "." + name));
  }
}
