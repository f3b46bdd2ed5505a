package dev.jobs4j.architecture.planted.core;

class GenericThrower {
  static final String VIOLATES = "10a";

  void run() {
    throw new RuntimeException("not one of ours");
  }
}
