/**
 * Keeps jobs in tables of PostgreSQL or H2. {@link dev.jobs4j.store.jdbc.JdbcJobStore} is the
 * store, {@link dev.jobs4j.store.jdbc.JdbcStoreOptions} what can be set, {@link
 * dev.jobs4j.store.jdbc.SchemaMigrator} makes and checks the tables. Behind the store stands one
 * class per role: {@code Inserts}, {@code Claims}, {@code Settlements}, {@code Engines}, {@code
 * Reaping}, {@code JdbcJobRecords}; what differs between databases is in {@code JdbcDialect} and
 * its implementations. The tables are in {@code schema/<database>/V001__jobs.sql}. Read {@link
 * dev.jobs4j.spi.JobStore} next.
 */
@NullMarked
package dev.jobs4j.store.jdbc;

import org.jspecify.annotations.NullMarked;
