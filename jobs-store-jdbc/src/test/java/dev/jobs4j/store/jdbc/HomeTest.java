package dev.jobs4j.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An error names a database, and never how one gets in. */
class HomeTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "jdbc:postgresql://db:5432/shop?user=u&password=s3cret",
        "jdbc:h2:tcp://db/shop;USER=u;PASSWORD=s3cret",
        "jdbc:mysql://u:s3cret@db:3306/shop",
        "jdbc:mysql://u:p/s3cret@db:3306/shop",
        "jdbc:mysql://(host=db,port=3306,user=u,password=s3cret)/shop",
        "jdbc:mysql://address=(host=db)(user=u)(password=s3cret)/shop",
        "jdbc:mysql://[(host=db,password=s3cret),db2]/shop",
        "jdbc:mariadb:sequential://address=(host=db)(password=s3cret)/shop"
      })
  void noPasswordIsShown(String url) {
    assertThat(Home.shown(url)).startsWith("jdbc:").contains("//").doesNotContain("s3cret");
  }
}
