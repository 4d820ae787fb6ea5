package io.caravan.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SurrogatesTest {

  @ParameterizedTest
  @CsvSource({
    "'\\ud800 x',             '\ufffd x'",
    "'\\ud83dx',              '\ufffdx'",
    "'a\\uDC00',              'a\ufffd'",
    "'x\\ud800\\ud800\\udc00y', 'x\ufffd\ud800\udc00y'",
    "'\\ud83d\\ude00',        '\ud83d\ude00'",
    "'\\\\ud800',             '\\\\ud800'",
    "'plain',                 'plain'"
  })
  void aLoneHalfBecomesAReplacementCharacter(String given, String expected) throws IOException {
    var json = "{\"a\":[\"" + given + "\"]}";
    var tree = Json.read(json.getBytes(StandardCharsets.UTF_8));
    var back = new String(Json.bytes(tree), StandardCharsets.UTF_8);
    assertThat(back).isEqualTo("{\"a\":[\"" + expected + "\"]}");
  }
}
