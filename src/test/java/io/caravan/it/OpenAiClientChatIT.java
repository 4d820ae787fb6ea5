package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** OpenAI's own client chats through the gateway and notices nothing of it. */
class OpenAiClientChatIT {

  private static FakeService fake;
  private static PackagedGateway gateway;
  private static OpenAIClient client;

  @BeforeAll
  static void start() throws Exception {
    fake = FakeService.start();
    gateway =
        PackagedGateway.before(fake, "openai-compatible", "caravan.service.mock.provider=mock");
    client = OpenAiClient.of(gateway);
  }

  @AfterAll
  static void stop() {
    client.close();
    gateway.close();
    fake.close();
  }

  @BeforeEach
  void forget() {
    fake.forget();
  }

  @Test
  void chatsWhole() {
    answer("openai/chat.response.json");
    var completion = client.chat().completions().create(chat().build()).validate();
    assertThat(completion.model()).isEqualTo("fake~m");
    assertThat(completion.choices().get(0).message().content()).isPresent();
    assertThat(completion.usage()).isPresent();
  }

  @Test
  void chatsStreamed() {
    replay("openai/chat.stream.include_usage.sse");
    var options = ChatCompletionStreamOptions.builder().includeUsage(true).build();
    var completion = streamed(chat().streamOptions(options).build());
    assertThat(completion.choices().get(0).message().content().orElse("")).isNotBlank();
    assertThat(completion.usage()).isPresent();
  }

  @Test
  void callsToolsWhole() throws Exception {
    answer("openai/chat.tools.response.json");
    var completion = client.chat().completions().create(withTool().build());
    var calls = completion.choices().get(0).message().toolCalls().orElseThrow();
    assertThat(calls.get(0).asFunction().function().name()).isNotBlank();
    assertThat(fake.next().tree().at("/tools/0/function/name").asText()).isEqualTo("weather");
  }

  @Test
  void callsToolsStreamed() throws Exception {
    replay("openai/chat.tools.stream.sse");
    var completion = streamed(withTool().build());
    var calls = completion.choices().get(0).message().toolCalls().orElseThrow();
    assertThat(calls).isNotEmpty();
    for (var call : calls) {
      var arguments = call.asFunction().function().arguments();
      assertThat(io.caravan.json.Json.read(arguments).isObject()).isTrue();
    }
  }

  /** The shape of a structured answer. */
  public record Weather(String place, int degrees) {}

  @Test
  void getsStructuredAnswers() throws Exception {
    fake.onChat(
        call ->
            call.json(
                200,
                Requests.wire("openai/chat.response.json")
                    .replaceFirst(
                        "\"content\": *\"[^\"]*\"",
                        "\"content\":\"{\\\\\"place\\\\\":\\\\\"Rome\\\\\",\\\\\"degrees\\\\\":31}\"")));
    var answer = client.chat().completions().create(chat().responseFormat(Weather.class).build());
    var weather = answer.choices().get(0).message().content().orElseThrow();
    assertThat(weather.degrees()).isEqualTo(31);
    var format = fake.next().tree().path("response_format");
    assertThat(format.path("type").asText()).isEqualTo("json_schema");
    assertThat(format.at("/json_schema/schema/properties/place/type").asText()).isEqualTo("string");
  }

  @Test
  void chatsWithTheMock() {
    var params = OpenAiClient.chat("mock~echo").build();
    var whole = client.chat().completions().create(params).validate();
    assertThat(whole.choices().get(0).message().content()).hasValue("What is it like?");
    assertThat(streamed(params).choices().get(0).message().content()).hasValue("What is it like?");
  }

  private static ChatCompletionCreateParams.Builder chat() {
    return OpenAiClient.chat("fake~m");
  }

  private static ChatCompletionCreateParams.Builder withTool() {
    var parameters =
        FunctionParameters.builder()
            .putAdditionalProperty("type", JsonValue.from("object"))
            .putAdditionalProperty("properties", JsonValue.from(Map.of()))
            .build();
    var function = FunctionDefinition.builder().name("weather").parameters(parameters).build();
    return chat().addTool(ChatCompletionFunctionTool.builder().function(function).build());
  }

  private static void answer(String sample) {
    fake.onChat(call -> call.json(200, Requests.wire(sample)));
  }

  private static void replay(String sample) {
    fake.onChat(call -> call.stream().send(Requests.wire(sample)).end());
  }

  private static ChatCompletion streamed(ChatCompletionCreateParams params) {
    var accumulator = ChatCompletionAccumulator.create();
    try (var stream = client.chat().completions().createStreaming(params)) {
      stream.stream().forEach(chunk -> accumulator.accumulate(chunk.validate()));
    }
    return accumulator.chatCompletion();
  }
}
