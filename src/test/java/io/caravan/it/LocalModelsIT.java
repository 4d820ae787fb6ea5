package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.models.embeddings.EmbeddingCreateParams;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The models that come along answer OpenAI's own client, with nothing else installed. */
class LocalModelsIT {

  private static PackagedGateway gateway;
  private static OpenAIClient client;

  @BeforeAll
  static void start() throws Exception {
    gateway = Launch.with("caravan.service.local.enabled=true").start();
    client = OpenAiClient.of(gateway);
  }

  @AfterAll
  static void stop() {
    client.close();
    gateway.close();
  }

  @Test
  void chatsWhole() {
    var params = OpenAiClient.chat("local~tinychat").maxTokens(8).temperature(0.0).build();
    var completion = client.chat().completions().create(params).validate();
    assertThat(completion.model()).isEqualTo("local~tinychat");
    assertThat(completion.choices().get(0).message().content()).isPresent();
    assertThat(completion.usage().orElseThrow().completionTokens()).isBetween(1L, 8L);
  }

  @Test
  void chatsStreamed() {
    var params = OpenAiClient.chat("local~tinychat").maxTokens(8).temperature(0.0).build();
    try (var stream = client.chat().completions().createStreaming(params)) {
      var chunks = stream.stream().toList();
      assertThat(chunks).hasSizeGreaterThan(2).allMatch(c -> c.model().equals("local~tinychat"));
      var last = chunks.get(chunks.size() - 1).choices().get(0);
      assertThat(last.finishReason()).isPresent();
    }
  }

  @Test
  void embeds() {
    var params = EmbeddingCreateParams.builder().model("local~tinyembed").input("Hello").build();
    assertThat(client.embeddings().create(params).data().get(0).embedding()).isNotEmpty();
  }

  @Test
  void aClientThatLeavesFreesTheModel() throws Exception {
    try (var call = RawCall.streamedChat(gateway, "local~tinychat")) {
      assertThat(call.event()).contains("assistant");
    }
    gateway.assertIdle();
    chatsWhole();
  }
}
