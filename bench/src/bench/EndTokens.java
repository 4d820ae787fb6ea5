package bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The tokens that may end a model's answer, out of the header of its GGUF file. */
final class EndTokens {

  private static final List<String> KEYS = List.of("eos", "eot", "padding");
  private static final int HEADER = 16 << 20;

  private EndTokens() {}

  /** A {@code logit_bias} that bans them, so that all answers are of one length. */
  static String banned(Path model) throws IOException {
    try (var channel = FileChannel.open(model)) {
      var head = ByteBuffer.allocate((int) Math.min(HEADER, channel.size()));
      channel.read(head, 0);
      var text = new String(head.array(), ISO_8859_1);
      var found = new TreeSet<Integer>();
      for (var name : KEYS) {
        var key = "tokenizer.ggml." + name + "_token_id";
        int at = text.indexOf(key);
        if (at >= 0) found.add(head.order(ByteOrder.LITTLE_ENDIAN).getInt(at + key.length() + 4));
      }
      return found.stream().map(id -> "\"" + id + "\":-100").collect(Collectors.joining(",", "{", "}"));
    }
  }
}
