package dev.jobs4j.examples.boot4;

import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Opens accounts over HTTP. */
@RestController
class AccountController {

  private final SignUp signUp;

  AccountController(SignUp signUp) {
    this.signUp = signUp;
  }

  @PostMapping("/accounts")
  @ResponseStatus(HttpStatus.CREATED)
  void open(@RequestParam String email) {
    signUp.open(email);
  }

  @ExceptionHandler(DataIntegrityViolationException.class)
  @ResponseStatus(HttpStatus.CONFLICT)
  void taken() {}
}
