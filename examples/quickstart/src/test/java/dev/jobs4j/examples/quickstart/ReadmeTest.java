package dev.jobs4j.examples.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What README and docs show and name is what there is. */
class ReadmeTest {

  private static final Path ROOT = Path.of("").toAbsolutePath().resolve("../..").normalize();

  private static String read(String file) throws IOException {
    return Files.readString(ROOT.resolve(file));
  }

  /** The fenced blocks of a language, or without one. */
  private static List<String> blocks(String file, String language) throws IOException {
    return Pattern.compile("(?ms)^```(\\w*)\\n(.*?)^```$")
        .matcher(read(file))
        .results()
        .filter(block -> block.group(1).equals(language))
        .map(block -> block.group(2))
        .toList();
  }

  @Test
  void itsJavaCompilesAndRuns(@TempDir Path folder) throws Exception {
    List<String> java = blocks("README.md", "java");
    assertThat(java).hasSize(1);
    Path source = Files.writeString(folder.resolve("Hello.java"), java.get(0));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter errors = new StringWriter();
    try (var files = compiler.getStandardFileManager(null, null, UTF_8)) {
      String classPath = System.getProperty("java.class.path");
      List<String> options =
          List.of("-cp", classPath, "-d", folder.toString(), "-Xlint:all", "-proc:none");
      assertThat(
              compiler
                  .getTask(errors, files, null, options, null, files.getJavaFileObjects(source))
                  .call())
          .as(errors.toString())
          .isTrue();
    }

    String output =
        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> outputOf(folder, "Hello"));
    assertThat(output).isEqualTo("Mail to ada@example.org on attempt 2\n");
  }

  private static String outputOf(Path classes, String main) throws Exception {
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (var loader = new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
      System.setOut(new PrintStream(out, true, UTF_8));
      loader.loadClass(main).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
    } finally {
      System.setOut(before);
    }
    return out.toString(UTF_8);
  }

  @Test
  void itsTwoCommandsAreTheExampleAndTheTestsThatCiRuns() throws IOException {
    assertThat(blocks("README.md", "")).containsExactly("examples/quickstart/run\nmvn -B verify\n");
    assertThat(ROOT.resolve("examples/quickstart/run")).isExecutable();
    assertThat(read(".ci/run")).contains("test_command='mvn -B verify'\n");
  }

  @Test
  void itsVersionIsThatOfTheBuild() throws IOException {
    String version = System.getProperty("project.version");
    assertThat(version).isNotEmpty();
    assertThat(read("README.md")).contains("<version>" + version + "</version>");
  }

  @Test
  void itIsTwoScreensLong() throws IOException {
    assertThat(read("README.md").lines()).hasSizeLessThanOrEqualTo(120);
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "docs/how-a-job-travels.md", "docs/states.md"})
  void everyLinkLeadsSomewhere(String file) throws IOException {
    List<String> links =
        Pattern.compile("\\]\\(([^)#]+)[^)]*\\)")
            .matcher(read(file))
            .results()
            .map(result -> result.group(1))
            .filter(link -> !link.startsWith("https://"))
            .toList();

    assertThat(links)
        .allSatisfy(link -> assertThat(ROOT.resolve(file).resolveSibling(link)).exists());
  }

  @Test
  void everyClassOfAJobsWayIsThere() throws IOException {
    Set<String> classes = new HashSet<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path sources : modules.map(module -> module.resolve("src")).toList()) {
        classes.addAll(Files.isDirectory(sources) ? classesIn(sources) : Set.of());
      }
    }
    List<String> named =
        Pattern.compile("`([A-Z][a-z]+[A-Za-z]*)`")
            .matcher(read("docs/how-a-job-travels.md"))
            .results()
            .map(result -> result.group(1))
            .toList();

    assertThat(named).hasSizeGreaterThan(30);
    assertThat(classes).containsAll(named);
  }

  private static Set<String> classesIn(Path sources) throws IOException {
    try (Stream<Path> files = Files.walk(sources)) {
      return files
          .map(path -> path.getFileName().toString())
          .filter(name -> name.endsWith(".java"))
          .map(name -> name.substring(0, name.length() - ".java".length()))
          .collect(Collectors.toSet());
    }
  }
}
