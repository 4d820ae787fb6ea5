package io.caravan.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LaterPromptsTest {

  private final List<String> asked = new ArrayList<>();
  private final LaterPrompts prompts = new LaterPrompts(64, this::words);

  @Test
  void whatIsShortIsNotAskedFor() {
    assertThat(prompts.fit(List.of(text("a short one"), text("🦊".repeat(13))))).isCompleted();
    assertThat(asked).isEmpty();
  }

  @Test
  void whatMayBeTooLongIsCounted() {
    assertThat(prompts.fit(List.of(text("word ".repeat(63))))).isCompleted();
    assertThat(asked).hasSize(1);
    refuses(text("word ".repeat(64)), 64);
  }

  @Test
  void tokensAreCountedAsTheyAre() {
    var tokens = Json.array();
    for (int i = 0; i < 63; i++) tokens.add(5);
    assertThat(prompts.fit(List.of(tokens))).isCompleted();
    refuses(tokens.deepCopy().add(5), 64);
  }

  @Test
  void oneOfManyIsEnough() {
    assertThat(prompts.fit(List.of(text("a"), text("b ".repeat(99)), text("c"))))
        .isCompletedExceptionally();
  }

  private void refuses(JsonNode prompt, int tokens) {
    assertThatThrownBy(() -> prompts.fit(List.of(prompt)).join())
        .cause()
        .isInstanceOfSatisfying(
            InvalidRequest.class,
            refusal -> {
              assertThat(refusal.param()).isEqualTo("prompt");
              assertThat(refusal)
                  .hasMessageContaining("64 tokens")
                  .hasMessageContaining("resulted in " + tokens);
            });
  }

  private static JsonNode text(String text) {
    return Json.object().put("text", text).get("text");
  }

  /** A token for each word. */
  private CompletableFuture<JsonNode> words(JsonNode body, Duration limit) {
    asked.add(body.path("content").asText());
    var tokens = Json.object();
    var ids = tokens.putArray("tokens");
    for (var word : body.path("content").asText().split(" ")) ids.add(word.length());
    return CompletableFuture.completedFuture(tokens);
  }
}
