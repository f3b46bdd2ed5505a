package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.InvalidJobException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One step of the schema: a file beside the classes that is never changed once released.
 *
 * @param version its number, from 1
 * @param path where it is on the class path
 * @param runsFrom the oldest version whose code works with the tables it leaves
 * @param checksum SHA-256 of its text with the places unfilled
 */
record SchemaFile(int version, String path, int runsFrom, String text, String checksum) {

  private static final String FOLDER = "dev/jobs4j/store/jdbc/schema/";
  private static final List<String> NAMES = List.of("V001__jobs.sql");
  private static final Pattern RUNS_FROM =
      Pattern.compile("^-- runs-from: (\\d+)", Pattern.MULTILINE);

  /** All steps for one database, in order. */
  static List<SchemaFile> of(JdbcDialect dialect) {
    return NAMES.stream().map(name -> read(FOLDER + dialect.folder() + "/" + name)).toList();
  }

  private static SchemaFile read(String path) {
    try (InputStream in = SchemaFile.class.getClassLoader().getResourceAsStream(path)) {
      if (in == null) {
        throw new InvalidJobException("The class path lacks " + path + ", is the jar complete?");
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
      Matcher runsFrom = RUNS_FROM.matcher(text);
      if (!runsFrom.find()) {
        throw new InvalidJobException(path + " lacks its line \"-- runs-from: <version>\"");
      }
      String name = path.substring(path.lastIndexOf('/') + 1);
      return new SchemaFile(
          Integer.parseInt(name.substring(1, 4)),
          path,
          Integer.parseInt(runsFrom.group(1)),
          text,
          sha256(text));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + path, e);
    }
  }

  /** Its statements, without comments, with the places filled. */
  List<String> statements(Sql sql) {
    String code =
        text.lines()
            .filter(line -> !line.stripLeading().startsWith("--"))
            .collect(Collectors.joining("\n"));
    return Arrays.stream(sql.of(code).split(";\\s*(\\n|$)"))
        .map(String::strip)
        .filter(statement -> !statement.isEmpty())
        .toList();
  }

  private static String sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
