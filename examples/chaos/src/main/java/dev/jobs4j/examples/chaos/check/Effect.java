package dev.jobs4j.examples.chaos.check;

/** What guarded jobs have left in the database: one row each, under the last token that wrote. */
public record Effect(String name, long token) {}
