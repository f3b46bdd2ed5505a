package dev.jobs4j.store.mongo;

import com.mongodb.MongoClientSettings;
import java.util.UUID;
import org.bson.BsonReader;
import org.bson.BsonWriter;
import org.bson.Document;
import org.bson.UuidRepresentation;
import org.bson.codecs.Codec;
import org.bson.codecs.DecoderContext;
import org.bson.codecs.EncoderContext;
import org.bson.codecs.configuration.CodecRegistries;
import org.bson.codecs.configuration.CodecRegistry;

/**
 * A codec whose UUIDs stay the standard ones. The driver replaces the codecs that it knows by those
 * of the client's {@code uuidRepresentation}, which is unset by default, so that a UUID cannot even
 * be written; a codec of our own it leaves alone.
 */
record PinnedCodec<T>(Codec<T> codec) implements Codec<T> {

  static CodecRegistry registry() {
    CodecRegistry standard =
        CodecRegistries.withUuidRepresentation(
            MongoClientSettings.getDefaultCodecRegistry(), UuidRepresentation.STANDARD);
    return CodecRegistries.fromRegistries(
        CodecRegistries.fromCodecs(
            new PinnedCodec<>(standard.get(UUID.class)),
            new PinnedCodec<>(standard.get(Document.class))),
        standard);
  }

  @Override
  public void encode(BsonWriter writer, T value, EncoderContext context) {
    codec.encode(writer, value, context);
  }

  @Override
  public T decode(BsonReader reader, DecoderContext context) {
    return codec.decode(reader, context);
  }

  @Override
  public Class<T> getEncoderClass() {
    return codec.getEncoderClass();
  }
}
