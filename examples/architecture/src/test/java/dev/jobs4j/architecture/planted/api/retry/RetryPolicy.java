package dev.jobs4j.architecture.planted.api.retry;

public interface RetryPolicy {}
