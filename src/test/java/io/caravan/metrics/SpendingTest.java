package io.caravan.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import org.junit.jupiter.api.Test;

class SpendingTest {

  @Test
  void aStreamWithoutUsageCostsItsPromptToo() {
    var request = request("x".repeat(3997));
    assertThat(Spending.tokens(-1, -1, 7, request)).isEqualTo(1001 + 7);
    assertThat(Spending.tokens(-1, 9, 7, request)).isEqualTo(1001 + 9);
    assertThat(Spending.tokens(-1, -1, 7, null)).isEqualTo(7);
  }

  @Test
  void whatTheServiceTellsCounts() {
    assertThat(Spending.tokens(5, 6, 7, request("x".repeat(4000)))).isEqualTo(11);
    assertThat(Spending.tokens(5, -1, 7, request("x".repeat(4000)))).isEqualTo(12);
  }

  @Test
  void aWholeAnswerWithoutUsageCostsWhatItHolds() {
    var text = "x".repeat(400);
    var answer = "{\"choices\":[{\"message\":{\"content\":\"" + text + "\"}}],\"id\":\"1\"}";
    assertThat(Spending.answered(answer.getBytes())).isEqualTo(100);
    var events = "data: " + answer + "\n\ndata: " + answer + "\n\ndata: [DONE]\n\n";
    assertThat(Spending.answered(events.getBytes())).isEqualTo(200);
    assertThat(Spending.answered("{\"data\":[]}".getBytes())).isEqualTo(1);
    assertThat(Spending.answered(null)).isEqualTo(1);
  }

  @Test
  void aCallThatNoServiceHasTakenCostsNothing() {
    assertThat(Spending.tokens(-1, -1, 0, null)).isZero();
  }

  @Test
  void aPromptCostsAlsoWhereNobodyWaitedForTheAnswer() {
    assertThat(Spending.tokens(-1, -1, 0, request("x".repeat(3997)))).isEqualTo(1001);
  }

  private static ObjectNode request(String text) {
    var request = Json.object();
    request.putArray("messages").addObject().put("role", "user").put("content", text);
    return request;
  }
}
