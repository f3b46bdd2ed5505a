package dev.jobs4j.examples.chaos.wire;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.function.BiConsumer;

/** Puts the bytes of one direction together to messages: a type, a length, a body. */
final class Messages {

  private static final int TYPE_AND_LENGTH = 5;

  private final BiConsumer<Character, ByteBuffer> reader;
  private final ByteArrayOutputStream rest = new ByteArrayOutputStream();

  /** Whether the next message is the first of a client, which has no type. */
  private boolean starting;

  private Messages(boolean starting, BiConsumer<Character, ByteBuffer> reader) {
    this.starting = starting;
    this.reader = reader;
  }

  static Messages ofClient(BiConsumer<Character, ByteBuffer> reader) {
    return new Messages(true, reader);
  }

  static Messages ofServer(BiConsumer<Character, ByteBuffer> reader) {
    return new Messages(false, reader);
  }

  /** Takes what came over the wire; whole messages go to the reader. */
  void feed(byte[] bytes, int count) {
    rest.write(bytes, 0, count);
    ByteBuffer all = ByteBuffer.wrap(rest.toByteArray());
    while (next(all)) {}
    rest.reset();
    rest.write(all.array(), all.position(), all.remaining());
  }

  private boolean next(ByteBuffer all) {
    int head = starting ? TYPE_AND_LENGTH - 1 : TYPE_AND_LENGTH;
    if (all.remaining() < head) {
      return false;
    }
    int length = all.getInt(all.position() + head - Integer.BYTES) + head - Integer.BYTES;
    if (all.remaining() < length) {
      return false;
    }
    char type = starting ? ' ' : (char) all.get(all.position());
    ByteBuffer body = all.slice(all.position() + head, length - head);
    all.position(all.position() + length);
    starting = false;
    reader.accept(type, body);
    return true;
  }
}
