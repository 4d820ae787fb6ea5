package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionContentPartText;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.completions.CompletionCreateParams;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What OpenAI's own client sends arrives as it was sent. */
class OpenAiClientParametersIT {

  private static FakeService fake;
  private static PackagedGateway gateway;
  private static OpenAIClient client;

  @BeforeAll
  static void start() throws Exception {
    fake = FakeService.start();
    gateway = PackagedGateway.before(fake, "openai-compatible");
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
  void sendsImages() throws Exception {
    answer("openai/chat.response.json");
    var url = "data:image/png;base64,iVBORw0KGgo=";
    var image = ChatCompletionContentPartImage.ImageUrl.builder().url(url).build();
    var parts =
        List.of(
            ChatCompletionContentPart.ofText(
                ChatCompletionContentPartText.builder().text("What is this?").build()),
            ChatCompletionContentPart.ofImageUrl(
                ChatCompletionContentPartImage.builder().imageUrl(image).build()));
    client.chat().completions().create(chat().addUserMessageOfArrayOfContentParts(parts).build());
    var sent = fake.next().tree();
    assertThat(sent.at("/messages/1/content/1/image_url/url").asText()).isEqualTo(url);
  }

  @Test
  void sendsEveryParameter() throws Exception {
    answer("openai/chat.logprobs.response.json");
    var params = chat().logprobs(true).topLogprobs(2).n(2).seed(7).temperature(0.0).maxTokens(5);
    var bias = ChatCompletionCreateParams.LogitBias.builder();
    params.logitBias(bias.putAdditionalProperty("50256", JsonValue.from(-100)).build());
    params.stopOfStrings(List.of("a", "b")).putAdditionalBodyProperty("top_k", JsonValue.from(0));
    var completion = client.chat().completions().create(params.build());
    assertThat(completion.choices().get(0).logprobs()).isPresent();
    var sent = fake.next().tree();
    assertThat(sent)
        .isEqualTo(
            io.caravan.json.Json.read(
                Requests.json(
                    "{'messages':[{'content':'What is it like?','role':'user'}],'model':'m',"
                        + "'logit_bias':{'50256':-100},'logprobs':true,'max_tokens':5,'n':2,'seed':7,"
                        + "'stop':['a','b'],'temperature':0.0,'top_logprobs':2,'top_k':0}")));
  }

  @Test
  void completesText() {
    fake.on(
        "POST /v1/completions",
        call -> call.json(200, Requests.wire("openai/completions.response.json")));
    var params = CompletionCreateParams.builder().model("fake~m").prompt("Once").build();
    assertThat(client.completions().create(params).validate().choices()).isNotEmpty();
    fake.on(
        "POST /v1/completions",
        call -> call.stream().send(Requests.wire("openai/completions.stream.sse")).end());
    try (var stream = client.completions().createStreaming(params)) {
      assertThat(stream.stream().toList()).isNotEmpty().allMatch(c -> c.model().equals("fake~m"));
    }
  }

  private static ChatCompletionCreateParams.Builder chat() {
    return OpenAiClient.chat("fake~m");
  }

  private static void answer(String sample) {
    fake.onChat(call -> call.json(200, Requests.wire(sample)));
  }
}
