package io.caravan.local.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.json.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompletionTest {

  @ParameterizedTest
  @CsvSource({
    // limit, tokens in the text, events, those behind the last text
    "10, 9, 10, 1, stop, 10", // an end token, just within the limit
    "10, 5, 6, 1, stop, 6",
    "10, 10, 10, 0, length, 10",
    "10, 10, 7, 0, length, 10", // characters of several tokens
    "10, 0, 10, 10, length, 10", // control tokens only
    "10, 0, 1, 1, stop, 1",
    "10, 4, 6, 2, stop, 6",
  })
  void whatLlamaCppDoesNotTell(
      int limit, int text, int events, int trailing, String reason, int tokens) {
    var end = new Completion(Json.object(), new int[3], limit).end(text, events, trailing);
    assertThat(end).isEqualTo(new Piece.End(reason, 3, tokens));
  }
}
