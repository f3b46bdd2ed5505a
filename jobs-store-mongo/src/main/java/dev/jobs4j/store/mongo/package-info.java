/**
 * Keeps jobs in MongoDB. Start at {@link dev.jobs4j.store.mongo.MongoJobStore}.
 *
 * <p>No transaction is used. Whatever must be atomic is one write of one document, guarded by its
 * filter: {@code ClaimUpdate} and {@code SettleUpdate} are the job's way. What takes several writes
 * leaves a mark first ({@code Batches} for an insert of many, {@code WaitingJobs} for a parent's
 * success, {@code Engines} for a fence) so that {@code Takeover} can finish it after a crash. What
 * a document looks like is said in {@code JobDocument}.
 */
@NullMarked
package dev.jobs4j.store.mongo;

import org.jspecify.annotations.NullMarked;
