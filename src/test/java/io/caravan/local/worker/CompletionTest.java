package io.caravan.local.worker;

import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.json.Json;
import org.junit.jupiter.api.Test;
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
    var end = new Completion(Json.object(), new int[3], limit).end(text, told(events, trailing));
    assertThat(end).isEqualTo(new Piece.End(reason, 3, tokens));
  }

  /** llama.cpp told the end long before the limit, and no end token: it kept something back. */
  @Test
  void whatWasHeldBackIsStillToBeGenerated() {
    var request = new Completion(Json.object().put("top_k", 1), new int[3], 30);
    var rest = request.rest(new int[] {7, 8}, told(2, 0));
    assertThat(rest.prompt()).containsExactly(0, 0, 0, 7, 8);
    assertThat(rest.limit()).isEqualTo(28);
    assertThat(rest.parameters().path("grammar").asText()).startsWith("root ::= [");
    assertThat(rest.rest(new int[9], told(9, 0))).isNull();
    assertThat(rest.end(9, told(10, 1))).isEqualTo(new Piece.End("stop", 3, 12));
    assertThat(request.rest(new int[2], told(3, 1))).isNull();
    assertThat(request.rest(new int[27], told(27, 0))).isNull();
  }

  /** Characters of several tokens each, in a text that would be cut into fewer of them. */
  @Test
  void nothingWasHeldBackWhereTheCharactersMayAccountForIt() {
    var told = told(18, 0);
    for (int i = 0; i < 3; i++) told.add("\uD83D\uDE00");
    var request = new Completion(Json.object(), new int[3], 30);
    assertThat(request.rest(new int[20], told)).isNull();
    assertThat(request.end(20, told)).isEqualTo(new Piece.End("length", 3, 30));
  }

  private static Told told(int events, int trailing) {
    var told = new Told();
    for (int i = 0; i < events; i++) told.add(i < events - trailing ? "a" : "");
    return told;
  }
}
