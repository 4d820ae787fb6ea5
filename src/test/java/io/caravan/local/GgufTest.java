package io.caravan.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GgufTest {

  private static final Path CHAT = Path.of("models/tinychat-2m-q8_0.gguf");
  private static final Path EMBEDDINGS = Path.of("models/tinyembed-f16.gguf");

  @TempDir Path folder;

  @Test
  void readsAChatModel() throws IOException {
    var gguf = Gguf.read(CHAT);
    assertThat(gguf.architecture()).isEqualTo("llama");
    assertThat(gguf.kind()).isEqualTo(Gguf.Kind.CHAT);
    assertThat(gguf.parameters()).isBetween(1_500_000L, 2_500_000L);
    assertThat(gguf.quantization()).isEqualTo("Q8_0");
    assertThat(gguf.contextLength()).isEqualTo(2048);
    assertThat(gguf.embeddingLength()).isEqualTo(256);
    assertThat(gguf.pooling()).isEqualTo(Gguf.NO_POOLING);
    assertThat(gguf.chatTemplate()).contains("<|im_start|>");
    assertThat(gguf.neededBytes()).isLessThanOrEqualTo(Files.size(CHAT));
  }

  @Test
  void readsAnEmbeddingModel() throws IOException {
    var gguf = Gguf.read(EMBEDDINGS);
    assertThat(gguf.architecture()).isEqualTo("bert");
    assertThat(gguf.kind()).isEqualTo(Gguf.Kind.EMBEDDINGS);
    assertThat(gguf.quantization()).isEqualTo("F16");
    assertThat(gguf.contextLength()).isEqualTo(512);
    assertThat(gguf.embeddingLength()).isEqualTo(128);
    assertThat(gguf.chatTemplate()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"tinychat-2m-q8_0.gguf", "tinyembed-f16.gguf"})
  void refusesAFileCutAnywhere(String name) throws IOException {
    var whole = Files.readAllBytes(Path.of("models", name));
    var cut = folder.resolve("cut.gguf");
    for (int length = 0; length < whole.length - 64; length += 1 + length / 7) {
      Files.write(cut, java.util.Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> Gguf.read(cut)).isInstanceOf(GgufException.class);
    }
  }

  @Test
  void aDamagedHeaderIsReadOrRefusedButNeverMore() throws IOException {
    var whole = Files.readAllBytes(EMBEDDINGS);
    var damaged = folder.resolve("damaged.gguf");
    var random = new Random(7);
    for (int round = 0; round < 300; round++) {
      var bytes = whole.clone();
      for (int i = 0; i < 4; i++) bytes[random.nextInt(4000)] = (byte) random.nextInt();
      Files.write(damaged, bytes);
      try {
        Gguf.read(damaged);
      } catch (GgufException e) {
        assertThat(e.getMessage()).doesNotContain(folder.toString());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0x46554748, not a GGUF file",
    "4, 1, unsupported GGUF version 1",
    "4, 0x03000000, unsupported GGUF version",
    "8, 0x7fffffff, tensors",
    "16, 0x7fffffff, metadata entries",
    "20, 0x80000000, metadata entries",
  })
  void saysWhatIsWrong(int offset, String value, String message) throws IOException {
    var bytes = Files.readAllBytes(EMBEDDINGS);
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(offset, Long.decode(value).intValue());
    var file = Files.write(folder.resolve("wrong.gguf"), bytes);
    assertThatThrownBy(() -> Gguf.read(file))
        .isInstanceOf(GgufException.class)
        .hasMessageContaining(message);
  }

  @Test
  void refusesText() throws IOException {
    var text = "This is not a model, however long it may be.".getBytes(StandardCharsets.UTF_8);
    var file = Files.write(folder.resolve("text.gguf"), text);
    assertThatThrownBy(() -> Gguf.read(file)).hasMessage("not a GGUF file");
  }

  @Test
  void refusesAFileWithoutWeights() throws IOException {
    var header = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(0x46554747).putInt(3).putLong(0).putLong(0);
    var file = Files.write(folder.resolve("empty.gguf"), header.array());
    assertThatThrownBy(() -> Gguf.read(file)).hasMessage("the file holds no weights");
  }

  /**
   * A hundred files whose vocabulary has 32,000 words; of 5 s, most is for slow machines, and none
   * is enough to read the 200 GB behind the headers.
   */
  @Test
  void readsManyLargeHeadersQuicklyAndNothingElse() throws IOException {
    var bytes = large(32_000);
    var files = new ArrayList<Path>();
    for (int i = 0; i < 100; i++) {
      var file = Files.write(folder.resolve(i + ".gguf"), bytes);
      files.add(file);
      try (var longer = new RandomAccessFile(file.toFile(), "rw")) {
        longer.setLength(2L << 30); // sparse
      }
    }
    long begin = System.nanoTime();
    for (var file : files) assertThat(Gguf.read(file).vocabulary()).isEqualTo(32_000);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
  }

  /** A header with a vocabulary, and one tensor of one number. */
  private static byte[] large(int words) {
    var out = ByteBuffer.allocate(4 << 20).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(0x46554747).putInt(3).putLong(1).putLong(2);
    text(out, "general.architecture").putInt(8);
    text(out, "llama");
    text(out, "tokenizer.ggml.tokens").putInt(9).putInt(8).putLong(words);
    for (int i = 0; i < words; i++) text(out, "word" + i);
    text(out, "weight").putInt(1).putLong(1).putInt(0).putLong(0);
    return java.util.Arrays.copyOf(out.array(), out.position() + 64);
  }

  private static ByteBuffer text(ByteBuffer out, String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    return out.putLong(bytes.length).put(bytes);
  }
}
