package dev.jobs4j.architecture.planted.core;

class Complaint extends IllegalStateException {
  static final String VIOLATES = "10c";

  private static final long serialVersionUID = 1L;
}
