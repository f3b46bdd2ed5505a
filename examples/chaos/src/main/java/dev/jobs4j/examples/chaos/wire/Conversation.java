package dev.jobs4j.examples.chaos.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What one client and its server say to each other, as far as it tells when something becomes
 * durable: a COMMIT, or a statement that writes outside of a transaction. Each direction is fed by
 * one thread. Needs {@code sslmode=disable} and {@code gssEncMode=disable}.
 */
final class Conversation {

  private static final Pattern WRITES =
      Pattern.compile("\\b(INSERT|UPDATE|DELETE)\\b", Pattern.CASE_INSENSITIVE);

  /** What a client may ask before it starts, and what is answered by a single byte. */
  private static final List<Integer> ENCRYPTION_WISHES = List.of(80877103, 80877104);

  private final Messages requests = Messages.ofClient(this::request);
  private final Messages answers = Messages.ofServer(this::answer);
  private final Map<String, String> statements = new HashMap<>();
  private final Map<String, String> portals = new HashMap<>();
  private final List<String> running = new ArrayList<>();
  private boolean inTransaction;
  private boolean commits;

  /** Requests that end with an answer "ready": the first is that to be let in. */
  private long asked;

  private long answered;

  /** Takes what the client says; answers whether it now waits for something to become durable. */
  boolean fromClient(byte[] bytes, int count) {
    commits = false;
    requests.feed(bytes, count);
    return commits;
  }

  /** Takes what the server says; answers how many requests it has answered in full. */
  long fromServer(byte[] bytes, int count) {
    answers.feed(bytes, count);
    return answered;
  }

  /** How many requests the client has made so far. */
  long asked() {
    return asked;
  }

  private void request(char type, ByteBuffer body) {
    switch (type) {
      case ' ' -> start(body);
      case 'P' -> statements.put(text(body), text(body));
      case 'B' -> portals.put(text(body), statements.getOrDefault(text(body), ""));
      case 'E' -> running.add(portals.getOrDefault(text(body), ""));
      case 'Q' -> {
        running.add(text(body));
        boundary();
      }
      case 'S' -> boundary();
      default -> {} // nothing that is executed
    }
  }

  private void start(ByteBuffer body) {
    if (body.remaining() >= Integer.BYTES && ENCRYPTION_WISHES.contains(body.getInt(0))) {
      throw new IllegalStateException(
          "The wire cannot read encryption: set sslmode=disable and gssEncMode=disable");
    }
    asked++;
  }

  private void boundary() {
    boolean writes = false;
    for (String sql : running) {
      if (starts(sql, "BEGIN")) {
        inTransaction = true;
      } else if (starts(sql, "COMMIT")) {
        inTransaction = false;
        commits = true;
      } else if (starts(sql, "ROLLBACK")) {
        inTransaction = false;
      } else {
        writes |= WRITES.matcher(sql).find();
      }
    }
    commits |= writes && !inTransaction;
    running.clear();
    asked++;
  }

  private static boolean starts(String sql, String word) {
    return sql.strip().toUpperCase(Locale.ROOT).startsWith(word);
  }

  private void answer(char type, ByteBuffer body) {
    if (type == 'Z') {
      answered++;
    }
  }

  private static String text(ByteBuffer body) {
    int from = body.position();
    while (body.get() != 0) {}
    byte[] bytes = new byte[body.position() - 1 - from];
    body.get(from, bytes);
    return new String(bytes, UTF_8);
  }
}
