package dev.jobs4j.examples.boot4;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Opens accounts over HTTP and welcomes each of them later. */
@SpringBootApplication
public class AccountsApplication {

  /** Serves on port 8080: {@code curl -d email=ann@example.org localhost:8080/accounts}. */
  public static void main(String[] arguments) {
    SpringApplication.run(AccountsApplication.class, arguments);
  }
}
