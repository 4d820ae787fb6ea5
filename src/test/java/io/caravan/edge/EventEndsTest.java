package io.caravan.edge;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventEndsTest {

  private final EventEnds events = new EventEnds(false);

  @ParameterizedTest
  @CsvSource({
    "data: {}||, true",
    "data: {}^|^|, true",
    "data: {}^^, true",
    "data: {}|data: {}|, false",
    "data: {}^|, false",
    "data: {, false",
    "|, false",
    "||, false",
    "^|^|, false",
    ": ping||, false",
    "data: {}|: ping|, false",
    "data: {}|: ping||, true",
    ": ping||data: {}||, true",
    "data: {}||: ping||, true",
    "data: {}||data: {}|, true",
    ": ping|data: {, false",
    "event: ping|, false",
    "event: ping||, true",
  })
  void tellsWhetherAnEventHasEnded(String read, boolean whole) {
    assertThat(events.read(bytes(read))).isEqualTo(whole);
  }

  @Test
  void aCommentIsNoneEvenInPieces() {
    assertThat(events.read(bytes(": pi"))).isFalse();
    assertThat(events.read(bytes("ng|"))).isFalse();
    assertThat(events.read(bytes("data: "))).isFalse();
    assertThat(events.read(bytes(":}|"))).isFalse();
    assertThat(events.read(bytes("|"))).isTrue();
  }

  @Test
  void aLineEndInTwoReadsIsNoBlankLine() {
    assertThat(events.read(bytes("data: {}^"))).isFalse();
    assertThat(events.read(bytes("|data: {}^"))).isFalse();
    assertThat(events.read(bytes("|"))).isFalse();
    assertThat(events.read(bytes("^|"))).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "'{}|', true",
    "'{}^|', true",
    "'{}', false",
    "'  |', false",
    "'||', false",
    "' {}|', true",
    "'{}|{', true",
    "': ping|', false",
    "': ping|{}|', true"
  })
  void eachLineOfNdjsonIsAnEvent(String read, boolean whole) {
    assertThat(new EventEnds(true).read(bytes(read))).isEqualTo(whole);
  }

  private static byte[] bytes(String read) {
    return read.replace('|', '\n').replace('^', '\r').getBytes(UTF_8);
  }
}
