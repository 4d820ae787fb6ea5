package io.caravan.edge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.edge.LineKinds.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineKindsTest {

  private final LineKinds events = new LineKinds(false);

  @ParameterizedTest
  @CsvSource({
    "data: {}||, EVENT",
    "data: {}^|^|, EVENT",
    "data: {}^^, EVENT",
    "data: {}|data: {}|, PART",
    "data: {}^|, PART",
    "data: {, NONE",
    "|, NONE",
    "||, NONE",
    "^|^|, NONE",
    ": ping||, PART",
    ": ping||data: {}||, EVENT",
    "data: {}||: ping||, EVENT",
    "data: {}||data: {}|, EVENT",
    ": ping|data: {, PART",
    "event: ping|, PART",
    "event: ping||, EVENT",
  })
  void tellsWhatHasEnded(String read, Kind kind) {
    assertThat(events.read(bytes(read))).isEqualTo(kind);
  }

  @Test
  void aLineInPiecesIsWhatItBegan() {
    assertThat(events.read(bytes(": pi"))).isEqualTo(Kind.NONE);
    assertThat(events.read(bytes("ng|"))).isEqualTo(Kind.PART);
    assertThat(events.read(bytes("data: "))).isEqualTo(Kind.NONE);
    assertThat(events.read(bytes(":}|"))).isEqualTo(Kind.PART);
    assertThat(events.read(bytes("|"))).isEqualTo(Kind.EVENT);
  }

  @Test
  void aLineEndInTwoReadsIsNoBlankLine() {
    assertThat(events.read(bytes("data: {}^"))).isEqualTo(Kind.PART);
    assertThat(events.read(bytes("|data: {}^"))).isEqualTo(Kind.PART);
    assertThat(events.read(bytes("|"))).isEqualTo(Kind.NONE);
    assertThat(events.read(bytes("^|"))).isEqualTo(Kind.EVENT);
  }

  @ParameterizedTest
  @CsvSource({
    "'{}|', EVENT",
    "'{}^|', EVENT",
    "'{}', NONE",
    "'  |', NONE",
    "'||', NONE",
    "' {}|', EVENT",
    "'{}|{', EVENT"
  })
  void eachLineOfNdjsonIsAnEvent(String read, Kind kind) {
    assertThat(new LineKinds(true).read(bytes(read))).isEqualTo(kind);
  }

  private static byte[] bytes(String read) {
    return read.replace('|', '\n').replace('^', '\r').getBytes(UTF_8);
  }
}
