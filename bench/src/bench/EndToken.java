package bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A model's end token, out of the header of its GGUF file. */
final class EndToken {

  private static final byte[] KEY =
      "tokenizer.ggml.eos_token_id".getBytes(StandardCharsets.US_ASCII);
  private static final int HEADER = 16 << 20;

  private EndToken() {}

  static int of(Path model) throws IOException {
    try (var channel = FileChannel.open(model)) {
      var head = ByteBuffer.allocate((int) Math.min(HEADER, channel.size()));
      channel.read(head);
      head.flip().order(ByteOrder.LITTLE_ENDIAN);
      for (int at = 0; at < head.limit() - KEY.length - 8; at++) {
        if (head.get(at) == KEY[0] && matches(head, at)) return head.getInt(at + KEY.length + 4);
      }
    }
    throw new IOException("no end token in " + model);
  }

  private static boolean matches(ByteBuffer head, int at) {
    for (int i = 0; i < KEY.length; i++) if (head.get(at + i) != KEY[i]) return false;
    return true;
  }
}
