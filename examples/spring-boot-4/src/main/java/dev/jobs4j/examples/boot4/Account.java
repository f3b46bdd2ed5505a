package dev.jobs4j.examples.boot4;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import org.jspecify.annotations.Nullable;

/** Somebody who signed up. */
@Entity
public class Account {

  // The row is written as the transaction commits, after the job.
  @Id
  @GeneratedValue(strategy = GenerationType.SEQUENCE)
  private @Nullable Long id;

  @Column(nullable = false, unique = true)
  private String email;

  private boolean welcomed;

  /** For JPA. */
  protected Account() {
    this("");
  }

  /** Not yet welcomed. */
  public Account(String email) {
    this.email = email;
  }

  /** Where to write to. */
  public String email() {
    return email;
  }

  /** Its number; null until it is persisted. */
  public @Nullable Long id() {
    return id;
  }

  /** Whether it was greeted. */
  public boolean isWelcomed() {
    return welcomed;
  }

  /** Notes that it was greeted; again is no harm. */
  public void welcome() {
    welcomed = true;
  }
}
