package dev.jobs4j.examples.boot3;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Takes orders over HTTP and confirms each of them later. */
@SpringBootApplication
public class ShopApplication {

  /** Serves on port 8080: {@code curl -d customer=ann -d cents=900 localhost:8080/orders}. */
  public static void main(String[] arguments) {
    SpringApplication.run(ShopApplication.class, arguments);
  }
}
