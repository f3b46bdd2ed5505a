package dev.jobs4j.architecture.planted.core;

class Printer {
  static final String VIOLATES = "10b";

  void run() {
    System.out.println("done");
  }
}
