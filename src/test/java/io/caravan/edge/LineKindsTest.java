package io.caravan.edge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.edge.LineKinds.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineKindsTest {

  @ParameterizedTest
  @CsvSource({
    "data: {}||, EVENT",
    "data: {, NONE",
    "|, NONE",
    "||, NONE",
    ": ping||, COMMENT",
    ": ping||data: {}||, EVENT",
    "data: {}||: ping||, EVENT",
    ": ping|data: {, COMMENT",
    "event: ping|, EVENT",
  })
  void tellsWhatHasEnded(String read, Kind kind) {
    assertThat(new LineKinds().read(bytes(read))).isEqualTo(kind);
  }

  @Test
  void aLineInPiecesIsWhatItBegan() {
    var lines = new LineKinds();
    assertThat(lines.read(bytes(": pi"))).isEqualTo(Kind.NONE);
    assertThat(lines.read(bytes("ng|"))).isEqualTo(Kind.COMMENT);
    assertThat(lines.read(bytes("data: "))).isEqualTo(Kind.NONE);
    assertThat(lines.read(bytes(":}|"))).isEqualTo(Kind.EVENT);
  }

  private static byte[] bytes(String read) {
    return read.replace('|', '\n').getBytes(UTF_8);
  }
}
