package dev.jobs4j.examples.chaos.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConversationTest {

  private final Conversation conversation = new Conversation();

  @BeforeEach
  void start() {
    ByteBuffer startup = ByteBuffer.allocate(9).putInt(9).putInt(196608).put((byte) 0);
    assertThat(conversation.fromClient(startup.array(), 9)).isFalse();
  }

  private static byte[] message(char type, String... texts) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (String text : texts) {
      body.writeBytes(text.getBytes(UTF_8));
      body.write(0);
    }
    return ByteBuffer.allocate(5 + body.size())
        .put((byte) type)
        .putInt(4 + body.size())
        .put(body.toByteArray())
        .array();
  }

  private static byte[] all(byte[]... messages) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] message : messages) {
      all.writeBytes(message);
    }
    return all.toByteArray();
  }

  private static byte[] execution(String... statements) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (String sql : statements) {
      all.writeBytes(all(message('P', "", sql), message('B', "", ""), message('E', "")));
    }
    all.writeBytes(message('S'));
    return all.toByteArray();
  }

  private boolean client(byte[] bytes) {
    return conversation.fromClient(bytes, bytes.length);
  }

  private long ready() {
    byte[] bytes = {'Z', 0, 0, 0, 5, 'I'};
    return conversation.fromServer(bytes, bytes.length);
  }

  @Test
  void aWriteOutsideOfATransactionBecomesDurable() {
    assertThat(client(execution("insert into t values (1)"))).isTrue();
    assertThat(client(message('Q', "WITH d AS (DELETE FROM t) SELECT 1"))).isTrue();
  }

  @Test
  void aReadDoesNot() {
    assertThat(client(execution("SELECT inserted_at FROM t"))).isFalse();
  }

  @Test
  void aWriteInATransactionDoesNotButItsCommitDoes() {
    assertThat(client(execution("BEGIN", "INSERT INTO t VALUES (1)"))).isFalse();
    assertThat(client(execution("UPDATE t SET a = 2"))).isFalse();
    assertThat(client(execution("COMMIT"))).isTrue();
    assertThat(client(execution("UPDATE t SET a = 2"))).isTrue();
  }

  @Test
  void aRollbackDoesNot() {
    client(execution("BEGIN", "UPDATE t SET a = 2"));

    assertThat(client(execution("ROLLBACK"))).isFalse();
    assertThat(client(execution("UPDATE t SET a = 2"))).isTrue();
  }

  @Test
  void aTransactionMayBeginInTheSameBreath() {
    byte[] both = all(message('Q', "BEGIN"), execution("INSERT INTO t VALUES (1)"));

    assertThat(client(both)).isFalse();
    assertThat(conversation.asked()).as("to be let in, and two more").isEqualTo(3);
  }

  @Test
  void aStatementIsKnownByItsNameLater() {
    assertThat(client(all(message('P', "s1", "DELETE FROM t"), message('S')))).isFalse();
    assertThat(client(all(message('B', "", "s1"), message('E', ""), message('S')))).isTrue();
  }

  @Test
  void messagesMayComeInPieces() {
    byte[] whole = execution("DELETE FROM t");
    for (int i = 0; i < whole.length; i++) {
      byte[] piece = {whole[i]};
      assertThat(client(piece)).isEqualTo(i == whole.length - 1);
    }
    assertThat(conversation.asked()).isEqualTo(2);
    assertThat(ready()).isEqualTo(1);
    assertThat(ready()).as("as often as it was asked").isEqualTo(2);
  }

  @Test
  void encryptionIsRefusedWithTheSettingThatAvoidsIt() {
    byte[] wish = ByteBuffer.allocate(8).putInt(8).putInt(80877103).array();

    assertThatThrownBy(() -> new Conversation().fromClient(wish, wish.length))
        .hasMessageContaining("sslmode=disable");
  }
}
