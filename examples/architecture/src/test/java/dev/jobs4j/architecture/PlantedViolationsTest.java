package dev.jobs4j.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.EvaluationResult;
import dev.jobs4j.architecture.ArchitectureRules.Rule;
import java.lang.reflect.Field;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Sees each architecture rule red. Under {@code planted} stands a small, clean model of the
 * library, with classes that each break one rule, the one that their constant {@code VIOLATES}
 * names. (An annotation would be a dependency too and turn rules red by itself.)
 */
class PlantedViolationsTest {
  private static final String ROOT = "dev.jobs4j.architecture.planted";
  private static final JavaClasses PLANTED = new ClassFileImporter().importPackages(ROOT);
  private static final List<Rule> RULES = ArchitectureRules.forRoot(ROOT);

  static Stream<Rule> rules() {
    return RULES.stream();
  }

  static Stream<JavaClass> violations() {
    return PLANTED.stream().filter(type -> violates(type) != null);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void theCleanModelKeepsTheRule(Rule rule) {
    rule.rule().check(modelWith(null));
  }

  @ParameterizedTest
  @MethodSource("violations")
  void theViolationIsCaughtByItsRuleAndByNoOther(JavaClass violation) {
    JavaClasses model = modelWith(violation);

    List<String> red =
        RULES.stream()
            .map(rule -> new Result(rule.id(), rule.rule().evaluate(model)))
            .filter(result -> result.evaluation().hasViolation())
            .peek(result -> assertThat(result.report()).contains(violation.getName()))
            .map(Result::id)
            .toList();

    assertThat(red).containsExactly(violates(violation));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void eachRuleHasAPlantedViolation(Rule rule) {
    assertThat(violations()).anyMatch(type -> rule.id().equals(violates(type)));
  }

  @Test
  void aPackageWithoutNullMarkedIsCaught() {
    Rule rule = ArchitectureRules.everyPackageIsNullMarked();

    EvaluationResult result = rule.rule().evaluate(PLANTED);

    assertThat(result.getFailureReport().getDetails())
        .contains(ROOT + ".api.Job is not in a @NullMarked package")
        .noneMatch(detail -> detail.startsWith(ROOT + ".spi."));
  }

  private record Result(String id, EvaluationResult evaluation) {
    String report() {
      return evaluation.getFailureReport().toString();
    }
  }

  private static JavaClasses modelWith(@Nullable JavaClass violation) {
    return PLANTED.that(
        DescribedPredicate.describe(
            "the clean model and " + violation,
            type -> type.equals(violation) || violates(type) == null));
  }

  private static @Nullable String violates(JavaClass type) {
    if (type.tryGetField("VIOLATES").isEmpty()) {
      return null;
    }
    try {
      Field field = type.reflect().getDeclaredField("VIOLATES");
      field.setAccessible(true);
      return (String) field.get(null);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }
}
