package dev.jobs4j.store.jdbc;

import dev.jobs4j.api.InvalidJobException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The two databases of the family, as far as they differ. */
enum MySqlProduct {
  /** SKIP LOCKED came with 10.6. */
  MARIADB("MariaDB", new Version(10, 6, 0), "utf8mb4_nopad_bin"),
  /** SKIP LOCKED came with 8.0.1, checks with 8.0.16, a binary collation without padding last. */
  MYSQL("MySQL", new Version(8, 0, 17), "utf8mb4_0900_bin");

  private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+)");

  /** What proxies and old protocols put before the version of a MariaDB. */
  private static final String DISGUISE = "5.5.5-";

  private record Version(int major, int minor, int patch) {
    boolean isBefore(Version other) {
      return major != other.major
          ? major < other.major
          : minor != other.minor ? minor < other.minor : patch < other.patch;
    }

    @Override
    public String toString() {
      return major + "." + minor + "." + patch;
    }
  }

  private final String title;
  private final Version oldest;
  private final String collation;

  MySqlProduct(String title, Version oldest, String collation) {
    this.title = title;
    this.oldest = oldest;
    this.collation = collation;
  }

  /**
   * The product that calls itself {@code version} when it is asked for VERSION(), which a driver's
   * name for it does not tell.
   *
   * @throws InvalidJobException if it is too old
   */
  static MySqlProduct of(String version) {
    MySqlProduct product = version.contains(MARIADB.title) ? MARIADB : MYSQL;
    String plain =
        product == MARIADB && version.startsWith(DISGUISE)
            ? version.substring(DISGUISE.length())
            : version;
    Matcher numbers = VERSION.matcher(plain);
    if (!numbers.lookingAt()) {
      throw new InvalidJobException(
          "The server calls itself \"" + version + "\", which is no version that can be read");
    }
    Version found =
        new Version(
            Integer.parseInt(numbers.group(1)),
            Integer.parseInt(numbers.group(2)),
            Integer.parseInt(numbers.group(3)));
    if (found.isBefore(product.oldest)) {
      throw new InvalidJobException(
          "The data source leads to %s %s, the oldest that can keep jobs is %s %s"
              .formatted(product.title, found, product.title, product.oldest));
    }
    return product;
  }

  /** How it is called in {@link SchemaMigrator#script}. */
  String scriptName() {
    return title.toLowerCase(Locale.ROOT);
  }

  /** Compares code points: no two texts that differ are equal, not even by blanks at the end. */
  String collation() {
    return collation;
  }
}
