package dev.jobs4j.examples.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One run in this process, with what it told. */
record TestRun(ExitCode exitCode, String out, String err) {

  /** As it is when piped. */
  static TestRun of(Object... args) {
    return run(false, args);
  }

  static TestRun onTerminal(Object... args) {
    return run(true, args);
  }

  private static TestRun run(boolean live, Object... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Screen screen =
        new Screen(new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8), live);
    String[] words = List.of(args).stream().map(Object::toString).toArray(String[]::new);
    ExitCode exitCode = Quickstart.run(screen, new StopSign(), words);
    return new TestRun(exitCode, out.toString(UTF_8), err.toString(UTF_8));
  }

  /** The same in a process of its own, for those who want to kill it. */
  static Process start(Path log, Object... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-cp", System.getProperty("java.class.path")));
    command.add(Quickstart.class.getName());
    List.of(args).forEach(arg -> command.add(arg.toString()));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }
}
