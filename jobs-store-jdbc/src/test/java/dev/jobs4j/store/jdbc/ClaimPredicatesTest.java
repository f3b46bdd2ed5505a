package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.jobs4j.api.Obstacle.Kind;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a claim asks of a row has a kind of obstacle that people are told of. The conditions are
 * read out of the statements as they are shipped: who adds one has to add its reason too.
 */
class ClaimPredicatesTest {

  private static final String NOW = "THE_TIME";

  /** Conditions as they are written, without lists and blanks. */
  private static final Map<String, Set<Kind>> KINDS =
      Map.ofEntries(
          Map.entry("state = 'PENDING'", Set.of(Kind.RUNNING, Kind.ENDED)),
          Map.entry("block_reason IS NULL", Set.of(Kind.PARENTS, Kind.FIFO)),
          Map.entry("lane = 0", Set.of(Kind.PARENTS, Kind.FIFO, Kind.RUNNING)),
          Map.entry("lane = 1", Set.of(Kind.PARENTS, Kind.FIFO, Kind.SUSPECT)),
          Map.entry("lane = ?", Set.of(Kind.PARENTS, Kind.FIFO, Kind.SUSPECT)),
          Map.entry("suspect", Set.of(Kind.SUSPECT)),
          Map.entry("NOT suspect", Set.of(Kind.SUSPECT)),
          Map.entry("(NOT suspect OR ?)", Set.of(Kind.SUSPECT)),
          Map.entry("?", Set.of(Kind.SUSPECT)),
          Map.entry("limits IS NULL", Set.of(Kind.LIMIT)),
          Map.entry("limits IS NOT NULL", Set.of(Kind.LIMIT)),
          Map.entry("block_reason = 'LIMIT'", Set.of(Kind.LIMIT)),
          Map.entry("blocked_on = ?", Set.of(Kind.LIMIT)),
          Map.entry("queue = ?", Set.of(Kind.NO_NODE, Kind.QUEUE_PAUSED)),
          Map.entry("run_at <= " + NOW, Set.of(Kind.NOT_DUE)),
          Map.entry("type = ANY", Set.of(Kind.UNKNOWN_TYPE, Kind.TYPE_PAUSED)),
          Map.entry(
              "(type_version = 1 OR type || '#' || type_version = ANY)",
              Set.of(Kind.NEWER_VERSION)),
          Map.entry(
              "(type_version = 1 OR CONCAT(type, '#', type_version) = ANY)",
              Set.of(Kind.NEWER_VERSION)),
          Map.entry("(expires_at IS NULL OR expires_at > " + NOW + ")", Set.of(Kind.EXPIRED)),
          Map.entry("(tenant = ANY) IS NOT TRUE", Set.of(Kind.TENANT_PAUSED)),
          Map.entry("queue = n.queue", Set.of(Kind.NO_NODE, Kind.QUEUE_PAUSED)),
          Map.entry("share = ?", Set.of(Kind.BEHIND)),
          Map.entry("share > ?", Set.of(Kind.BEHIND)),
          Map.entry("share >= ? || CHAR(0)", Set.of(Kind.BEHIND)),
          Map.entry("(COALESCE(tenant, '') COLLATE \"C\") > ?", Set.of(Kind.BEHIND)),
          Map.entry("(COALESCE(tenant, '') COLLATE \"C\") > n.share", Set.of(Kind.BEHIND)),
          Map.entry("(COALESCE(tenant, '') COLLATE \"C\") = ?", Set.of(Kind.BEHIND)),
          Map.entry("priority = N", Set.of(Kind.BEHIND)),
          Map.entry("id = ANY", Set.of(Kind.BEHIND)),
          Map.entry("(run_at, id) > (level.after_run_at, level.after_id)", Set.of(Kind.BEHIND)));

  /** Not asked of the row: of the engine before, of its lock, and by how many are wanted. */
  private static final Set<Kind> ELSEWHERE = EnumSet.of(Kind.NODE_PAUSED, Kind.LOCKED, Kind.BUSY);

  private static final Pattern ROWS =
      Pattern.compile(
          "(?:FROM|UPDATE) t_job(?: AS \\w+| (?:FORCE|USE) INDEX \\([^)]*\\))*\\s+WHERE ");

  static Stream<JdbcDialect> dialects() {
    return Stream.of("h2", "postgresql", "mariadb", "mysql").map(JdbcDialect::named);
  }

  @ParameterizedTest
  @MethodSource("dialects")
  void everyConditionOfAClaimIsAReasonThatPeopleAreTold(JdbcDialect dialect) throws Exception {
    Sql sql = Sql.of(JdbcStoreOptions.builder().tablePrefix("t_").build(), dialect, NOW);
    JdbcDataSource anything = new JdbcDataSource();
    anything.setUrl("jdbc:h2:mem:predicates");
    Claims claims = dialect.claims(new Transactions(anything), sql);
    List<String> conditions = new ArrayList<>();
    for (String statement : statements(claims)) {
      Matcher rows = ROWS.matcher(statement);
      while (rows.find()) {
        conditions.addAll(split(statement.substring(rows.end())));
      }
    }

    assertThat(conditions).hasSizeGreaterThan(20);
    assertThat(conditions.stream().filter(condition -> !KINDS.containsKey(condition)))
        .as("conditions without a kind of obstacle; add what is new to Obstacle.Kind, tell it")
        .isEmpty();
    Set<Kind> told = EnumSet.copyOf(ELSEWHERE);
    conditions.forEach(condition -> told.addAll(KINDS.get(condition)));
    assertThat(told).as("kinds of obstacles").containsExactlyInAnyOrder(Kind.values());
  }

  /** All statements of a claim, wherever it keeps them. */
  private static List<String> statements(Object owner) throws IllegalAccessException {
    List<String> statements = new ArrayList<>();
    for (Field field : owner.getClass().getDeclaredFields()) {
      field.setAccessible(true);
      Object value = field.get(owner);
      for (Object part : value instanceof List<?> parts ? parts : Arrays.asList(value)) {
        if (part instanceof Command command) {
          statements.add(blanks(command.text(List.of())));
        } else if (part instanceof String text) {
          statements.add(blanks(text));
        } else if (isPartOfTheClaim(part)) {
          statements.addAll(statements(part));
        }
      }
    }
    return statements;
  }

  /** The books of limits and of claims look at keys, not for jobs. */
  private static boolean isPartOfTheClaim(Object value) {
    return value != null
        && value.getClass().getPackageName().equals(Claims.class.getPackageName())
        && !(value instanceof Limits
            || value instanceof ClaimBook
            || value instanceof Transactions
            || value instanceof Values);
  }

  private static String blanks(String statement) {
    return statement
        .replaceAll("\\s+", " ")
        .replace("t_job.", "")
        .replaceAll("= ANY \\((\\?|\\(SELECT [^)]*\\)::text\\[\\])\\)", "= ANY")
        .replaceAll("priority = (\\?|\\d|level\\.priority)", "priority = N");
  }

  /** What is joined by AND, up to the end of the condition. */
  private static List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int from = 0;
    int at = 0;
    for (; at < text.length(); at++) {
      String rest = text.substring(at);
      char next = text.charAt(at);
      depth += next == '(' ? 1 : next == ')' ? -1 : 0;
      if (depth < 0 || (depth == 0 && rest.matches("(?s) (ORDER|LIMIT|FOR|UNION|RETURNING) .*"))) {
        break;
      }
      if (depth == 0 && rest.startsWith(" AND ")) {
        parts.add(text.substring(from, at).strip());
        from = at + " AND ".length();
      }
    }
    parts.add(text.substring(from, at).strip());
    return parts;
  }
}
