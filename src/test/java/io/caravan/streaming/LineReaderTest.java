package io.caravan.streaming;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.caravan.errors.GatewayException.BadAnswer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineReaderTest {

  private final LineReader reader = new LineReader();
  private final List<String> lines = new ArrayList<>();

  @Test
  void takesAllThreeLineEnds() {
    read("a\nb\r\nc\rd\n\ne");
    assertThat(lines).containsExactly("a", "b", "c", "d", "");
    assertThat(reader.rest()).isEqualTo("e");
    assertThat(reader.rest()).isEmpty();
  }

  @Test
  void takesCrAndLfInTwoReadsForOneLineEnd() {
    read("a\r");
    read("\nb\r");
    read("\r\n");
    assertThat(lines).containsExactly("a", "b", "");
  }

  @Test
  void doesNotCutInsideACharacter() {
    for (byte b : "日本 🎉\n".getBytes(UTF_8)) reader.read(new byte[] {b}, lines::add);
    assertThat(lines).containsExactly("日本 🎉");
  }

  @Test
  void refusesALineWithoutEnd() {
    byte[] mebibyte = new byte[1 << 20];
    for (int i = 0; i < LineReader.MAX_LINE_BYTES >> 20; i++) reader.read(mebibyte, lines::add);
    assertThatThrownBy(() -> reader.read(new byte[1], lines::add)).isInstanceOf(BadAnswer.class);
  }

  @Test
  void leavesOutAByteOrderMarkInFront() {
    for (byte b : "\uFEFFa\n\uFEFFb\n".getBytes(UTF_8)) {
      reader.read(new byte[] {b}, lines::add);
    }
    assertThat(lines).containsExactly("a", "\uFEFFb");
  }

  private void read(String text) {
    reader.read(text.getBytes(UTF_8), lines::add);
  }
}
