package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The numbers that MariaDB and MySQL have for what they have one state for. */
class SqlErrorsTest {

  private static SQLException error(int code) {
    return new SQLException("as the server says", "HY000", code);
  }

  @ParameterizedTest
  @CsvSource({"1213, true", "1205, true", "1020, true", "1062, false", "1064, false", "0, false"})
  void isTransient(int code, boolean expected) {
    assertThat(SqlErrors.isTransient(error(code))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"1290, true", "1836, true", "1792, true", "1213, false", "0, false"})
  void isReadOnly(int code, boolean expected) {
    assertThat(SqlErrors.isReadOnly(error(code))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"1927, true", "4031, true", "1317, false", "1205, false", "0, false"})
  void isConnectionLost(int code, boolean expected) {
    assertThat(SqlErrors.isConnectionLost(error(code))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"3819, true", "4025, true", "1205, false", "0, false"})
  void isConstraint(int code, boolean expected) {
    assertThat(SqlErrors.isConstraint(error(code))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"1366, true", "1153, true", "1205, false", "0, false"})
  void isBadValue(int code, boolean expected) {
    assertThat(SqlErrors.isBadValue(error(code))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"1062, true", "1205, false"})
  void isDuplicate(int code, boolean expected) {
    assertThat(SqlErrors.isDuplicate(error(code))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"1049, true", "1044, false"})
  void isMissingTable(int code, boolean expected) {
    assertThat(SqlErrors.isMissingTable(error(code))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"1153, false", "0, true"})
  void aMessageThatIsTooLongDoesNotLeaveItsOutcomeOpen(int code, boolean expected) {
    SQLException broken = new SQLException("the wire broke", "08S01", code);
    assertThat(SqlErrors.isConnectionLost(broken)).isEqualTo(expected);
  }
}
