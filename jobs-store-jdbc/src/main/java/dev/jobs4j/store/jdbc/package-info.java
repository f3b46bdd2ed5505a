/**
 * Keeps jobs in tables of PostgreSQL, MariaDB, MySQL or H2. {@link
 * dev.jobs4j.store.jdbc.JdbcJobStore} is the store, {@link dev.jobs4j.store.jdbc.JdbcStoreOptions}
 * what can be set, {@link dev.jobs4j.store.jdbc.SchemaMigrator} makes and checks the tables. Behind
 * the store stands one class per role: {@code Inserts}, {@code Claims}, {@code Settlements}, {@code
 * Engines}, {@code Reaping}, {@code JdbcJobRecords}, {@code JdbcJobNotes}. Their statements are
 * {@code Command}s in SQL that every database knows; what differs is in {@code JdbcDialect} and its
 * implementations, what drivers differ in, in {@code Values}. The tables are in {@code
 * schema/<database>/V001__jobs.sql}. Read {@link dev.jobs4j.spi.JobStore} next.
 */
@NullMarked
package dev.jobs4j.store.jdbc;

import org.jspecify.annotations.NullMarked;
