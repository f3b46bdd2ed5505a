/**
 * Runs jobs straight from topics of Apache Kafka. {@link
 * dev.jobs4j.transport.kafka.KafkaJobTransport} publishes and opens sources; a source owns one
 * consumer, commits the completed prefix of each partition and hands retries and dead letters to
 * topics of their own. {@code KafkaJobSource} is the turn, {@code Assignment} and {@code
 * PartitionOffsets} the books behind it, {@code RecordCodec} the wire format, {@code TopicPlan} the
 * names of the topics.
 */
@NullMarked
package dev.jobs4j.transport.kafka;

import org.jspecify.annotations.NullMarked;
