package io.caravan.streaming;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NdjsonReaderTest {

  @Test
  void makesAnEventOfEachLineAlsoOfAnUnfinishedOne() {
    var bytes = "{\"a\":1}\r\n\n  \n{\"b\":\"🎉\"}\n{\"c\":".getBytes(UTF_8);
    assertThat(Heard.from(List.of(bytes), new NdjsonReader()).items())
        .extracting(ServerEvent::data)
        .containsExactly("{\"a\":1}", "{\"b\":\"🎉\"}", "{\"c\":");
  }
}
