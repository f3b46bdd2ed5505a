package dev.jobs4j.examples.boot3;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Takes orders over HTTP. */
@RestController
class OrderController {

  private final Orders orders;

  OrderController(Orders orders) {
    this.orders = orders;
  }

  @PostMapping("/orders")
  @ResponseStatus(HttpStatus.CREATED)
  Order place(@RequestParam String customer, @RequestParam long cents) {
    return orders.place(customer, cents);
  }

  @ExceptionHandler
  @ResponseStatus(HttpStatus.PAYMENT_REQUIRED)
  String noCredit(Orders.CreditException e) {
    return String.valueOf(e.getMessage());
  }
}
