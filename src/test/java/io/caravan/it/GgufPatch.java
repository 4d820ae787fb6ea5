package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A model's file with something in it changed. Texts are bytes, one for each character. */
final class GgufPatch {

  static final Path CHAT = Path.of("models/tinychat-2m-q8_0.gguf");
  static final Path EMBEDDINGS = Path.of("models/tinyembed-f16.gguf");

  private static final int HEAD = 24;
  private static final int COUNT = 16;
  private static final int ALIGNMENT = 32;
  private static final int TEXT = 8;

  private final byte[] bytes;

  private GgufPatch(byte[] bytes) {
    this.bytes = bytes;
  }

  static GgufPatch of(Path model) throws IOException {
    return new GgufPatch(Files.readAllBytes(model));
  }

  /** The options of a gateway whose only model, {@code long}, goes on for half a minute. */
  static String[] longModel(Path folder) throws IOException {
    var context = "llama.context_length\4\0\0\0";
    of(CHAT).behind(context, "\0\0\1\0").to(folder.resolve("long.gguf"));
    return new String[] {"caravan.local.models=" + folder, "caravan.local.context=65536"};
  }

  static void awaitLongModel(PackagedGateway gateway) throws Exception {
    var client = gateway.client();
    Await.until("it is listed", () -> client.get("/v1/models").body().contains("local~long"));
  }

  /** Replaces a text that is there. */
  GgufPatch replace(String text, String by) {
    var content = new String(bytes, StandardCharsets.ISO_8859_1);
    assertThat(content).contains(text);
    return new GgufPatch(content.replace(text, by).getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Replaces what is between two texts, and these, in a template; it may not be longer. */
  GgufPatch instead(String from, String to, String by) {
    var content = new String(bytes, StandardCharsets.ISO_8859_1);
    int begin = content.indexOf(from);
    int end = content.indexOf(to, begin) + to.length();
    var comment = "{#" + " ".repeat(end - begin - by.length() - 4) + "#}";
    return at(begin, by + comment);
  }

  /** Overwrites what follows a text. */
  GgufPatch behind(String text, String by) {
    int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(text);
    assertThat(at).as(text).isNotNegative();
    return at(at + text.length(), by);
  }

  /** Overwrites from a place on; from the end if it is negative. */
  GgufPatch at(int place, String by) {
    var patched = bytes.clone();
    var bytesOfText = by.getBytes(StandardCharsets.ISO_8859_1);
    int from = place < 0 ? bytes.length + place : place;
    System.arraycopy(bytesOfText, 0, patched, from, bytesOfText.length);
    return new GgufPatch(patched);
  }

  GgufPatch cutTo(int length) {
    return new GgufPatch(java.util.Arrays.copyOf(bytes, length));
  }

  /** Adds a number to the header, and a text that keeps the weights where they are aligned. */
  GgufPatch withNumber(String key, int value) throws IOException {
    var entry = new ByteArrayOutputStream();
    entry.write(text(key));
    entry.write(number(4, 4));
    entry.write(number(value, 4));
    var padding = new ByteArrayOutputStream();
    padding.write(text("test.padding"));
    padding.write(number(TEXT, 4));
    int rest = ALIGNMENT - (entry.size() + padding.size() + 8) % ALIGNMENT;
    padding.write(text("x".repeat(rest)));
    var head = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    head.putLong(COUNT, head.getLong(COUNT) + 2);
    var all = new ByteArrayOutputStream();
    all.write(bytes, 0, HEAD);
    all.write(entry.toByteArray());
    all.write(padding.toByteArray());
    all.write(bytes, HEAD, bytes.length - HEAD);
    return new GgufPatch(all.toByteArray());
  }

  void to(Path file) throws IOException {
    Files.write(file, bytes);
  }

  private static byte[] text(String text) {
    var content = text.getBytes(StandardCharsets.ISO_8859_1);
    var length = number(content.length, 8);
    return ByteBuffer.allocate(8 + content.length).put(length).put(content).array();
  }

  private static byte[] number(int value, int size) {
    var buffer = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    return buffer.putInt(0, value).array();
  }
}
