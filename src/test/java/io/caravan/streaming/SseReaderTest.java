package io.caravan.streaming;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.errors.GatewayException.BadAnswer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class SseReaderTest {

  @Test
  void readsNamesAndData() {
    assertThat(events("event: ping\ndata: {}\n\ndata:bare\n\n"))
        .containsExactly(new ServerEvent("ping", "{}"), new ServerEvent(null, "bare"));
  }

  @Test
  void joinsTheDataLinesOfAnEvent() {
    assertThat(events("data: a\ndata:\ndata:  b\n\n"))
        .containsExactly(new ServerEvent(null, "a\n\n b"));
  }

  @Test
  void skipsCommentsOtherFieldsAndEventsWithoutData() {
    assertThat(events(": ping\n\nid: 7\nretry: 10\n\nevent: empty\n\ndata: a\n\n"))
        .containsExactly(new ServerEvent(null, "a"));
  }

  @Test
  void sendsTheLastEventWithoutItsBlankLine() {
    assertThat(events("data: a\n\nevent: last\ndata: b"))
        .containsExactly(new ServerEvent(null, "a"), new ServerEvent("last", "b"));
  }

  @Test
  void doesNotCareHowTheBytesCome() {
    var text = "event: x\r\ndata: 日本 🎉\r\n\r\n: c\r\rdata: b\r\r";
    var reads = new ArrayList<byte[]>();
    for (byte b : text.getBytes(UTF_8)) reads.addAll(List.of(new byte[0], new byte[] {b}));
    assertThat(Heard.from(reads, new SseReader()).items()).isEqualTo(events(text)).hasSize(2);
  }

  @Test
  void refusesAnEventWithoutEndHoweverShortItsLines() {
    var lines = ("data: " + "x".repeat(1017) + "\n").repeat(1 << 10).getBytes(UTF_8);
    var reads = Collections.nCopies(1 + (LineReader.MAX_LINE_BYTES >> 20), lines);
    var heard = Heard.from(reads, new SseReader());
    assertThat(heard.failure()).isInstanceOf(BadAnswer.class);
    assertThat(heard.items()).isEmpty();
  }

  private static List<ServerEvent> events(String text) {
    return Heard.from(List.of(text.getBytes(UTF_8)), new SseReader()).items();
  }
}
