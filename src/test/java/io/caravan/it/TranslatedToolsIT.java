package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletion.Choice.FinishReason;
import io.caravan.json.Json;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tool calls of services that do not speak OpenAI's API, as OpenAI's own client gets them. */
class TranslatedToolsIT {

  private static FakeService fake;
  private static PackagedGateway gateway;
  private static OpenAIClient client;

  @BeforeAll
  static void start() throws Exception {
    fake = FakeService.start();
    gateway =
        PackagedGateway.before(
            fake,
            "ollama",
            "caravan.service.claude.provider=anthropic",
            "caravan.service.claude.urls=" + fake.url(),
            "caravan.service.claude.api-key=k",
            "caravan.service.plain.provider=openai-compatible",
            "caravan.service.plain.urls=" + fake.url());
    client = OpenAiClient.of(gateway);
  }

  @AfterAll
  static void stop() {
    client.close();
    gateway.close();
    fake.close();
  }

  @ParameterizedTest
  @CsvSource({
    "claude~m, /v1/messages, text/event-stream, anthropic/messages.tools.stream.sse",
    "fake~m, /api/chat, application/x-ndjson, ollama/chat.tools.stream.ndjson",
    "fake~m, /api/chat, application/x-ndjson, ollama/chat.tools.new.stream.ndjson"
  })
  void streamed(String model, String path, String type, String sample) throws Exception {
    fake.on("POST " + path, call -> call.stream(type).send(Requests.wire(sample)).end());
    var accumulator = ChatCompletionAccumulator.create();
    var params = OpenAiClient.chat(model).build();
    try (var stream = client.chat().completions().createStreaming(params)) {
      stream.stream().forEach(chunk -> accumulator.accumulate(chunk.validate()));
    }
    assertCalls(accumulator.chatCompletion());
  }

  /** Arguments as an object, no id, no type, another reason; and no stream though asked for one. */
  @Test
  void inALesserForm() throws Exception {
    var call = "{'function':{'name':'f','arguments':{'city':'Paris'}}}";
    var answer =
        "{'choices':[{'message':{'content':null,'tool_calls':[%s]},'finish_reason':'stop'}]}";
    fake.onChat(asked -> asked.json(200, Requests.json(answer.formatted(call))));
    var params = OpenAiClient.chat("plain~m").build();
    var whole = client.chat().completions().create(params);
    assertCalls(whole);
    var accumulator = ChatCompletionAccumulator.create();
    try (var stream = client.chat().completions().createStreaming(params)) {
      stream.stream().forEach(chunk -> accumulator.accumulate(chunk.validate()));
    }
    assertCalls(accumulator.chatCompletion());
    for (var completion : new ChatCompletion[] {whole, accumulator.chatCompletion()}) {
      var made = completion.choices().get(0).message().toolCalls().orElseThrow().get(0);
      assertThat(made.asFunction().function().arguments()).isEqualTo("{\"city\":\"Paris\"}");
    }
  }

  @ParameterizedTest
  @CsvSource({"claude~m, /v1/messages, anthropic/messages.tools.response.json"})
  void whole(String model, String path, String sample) throws Exception {
    fake.on("POST " + path, call -> call.json(200, Requests.wire(sample)));
    assertCalls(client.chat().completions().create(OpenAiClient.chat(model).build()).validate());
  }

  private static void assertCalls(ChatCompletion completion) throws Exception {
    var choice = completion.choices().get(0);
    assertThat(choice.finishReason()).isEqualTo(FinishReason.TOOL_CALLS);
    var calls = choice.message().toolCalls().orElseThrow();
    assertThat(calls).isNotEmpty();
    for (var call : calls) {
      assertThat(call.asFunction().id()).isNotBlank();
      assertThat(call.asFunction().function().name()).isNotBlank();
      assertThat(Json.read(call.asFunction().function().arguments()).isObject()).isTrue();
    }
  }
}
