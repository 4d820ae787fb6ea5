package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.RateLimitException;
import com.openai.models.embeddings.EmbeddingCreateParams;
import com.openai.models.models.Model;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenAI's own client lists models, embeds, and gets the exceptions that it knows. */
class OpenAiClientModelsIT {

  private static FakeService fake;
  private static PackagedGateway gateway;
  private static OpenAIClient client;

  @BeforeAll
  static void start() throws Exception {
    fake = FakeService.start().models("m", "org/name:7b", "with space", "a~b", "a@b.c", "ü%");
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
  void listsModels() {
    var models = client.models().list().data();
    assertThat(models).allSatisfy(Model::validate);
    assertThat(models)
        .extracting(Model::id)
        .contains("fake~m", "fake~org/name:7b", "fake~with space", "mock~echo");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fake~m",
        "fake~org/name:7b",
        "fake~with space",
        "fake~a~b",
        "fake~a@b.c",
        "fake~ü%"
      })
  void retrievesAModel(String id) {
    assertThat(client.models().retrieve(id).validate().id()).isEqualTo(id);
  }

  @Test
  void takesASlashAsItIs() {
    var reply = gateway.client().get("/v1/models/fake~org/name:7b");
    assertThat(reply.tree().path("id").asText()).isEqualTo("fake~org/name:7b");
  }

  /** The client asks for base64 by itself and decodes without looking. */
  @ParameterizedTest
  @ValueSource(strings = {"float", "base64"})
  void embedsAsTheClientLikesIt(String sent) throws Exception {
    var sample = Requests.wire("openai/embeddings." + sent + ".response.json");
    fake.on("POST /v1/embeddings", call -> call.json(200, sample));
    var byDefault = embed(EmbeddingCreateParams.builder());
    var floats = EmbeddingCreateParams.EncodingFormat.FLOAT;
    assertThat(embed(EmbeddingCreateParams.builder().encodingFormat(floats)))
        .isEqualTo(byDefault)
        .hasSizeGreaterThan(1);
    fake.next();
    assertThat(fake.next().tree().path("encoding_format").asText()).isEqualTo("float");
  }

  @Test
  void embedsListsAndTokens() {
    var texts =
        EmbeddingCreateParams.builder().model("mock~echo").inputOfArrayOfStrings(List.of("a", "b"));
    assertThat(client.embeddings().create(texts.build()).data()).hasSize(2);
    var tokens =
        EmbeddingCreateParams.builder().model("mock~echo").inputOfArrayOfTokens(List.of(1L, 2L));
    assertThat(client.embeddings().create(tokens.build()).data()).hasSize(1);
  }

  @Test
  void throwsWhatItKnows() {
    assertThatThrownBy(() -> chat("nowhere~m")).isInstanceOf(NotFoundException.class);
    fake.onChat(call -> call.json(400, Requests.wire("openai/error.400.bad_json.json")));
    assertThatThrownBy(() -> chat("fake~m")).isInstanceOf(BadRequestException.class);
    fake.onChat(call -> call.json(500, Requests.wire("openai/error.500.json")));
    assertThatThrownBy(() -> chat("fake~m")).isInstanceOf(InternalServerException.class);
    fake.onChat(
        call -> call.json(429, Requests.wire("openai/error.429.json"), "Retry-After", "20"));
    assertThatThrownBy(() -> chat("fake~m"))
        .asInstanceOf(InstanceOfAssertFactories.type(RateLimitException.class))
        .satisfies(e -> assertThat(e.headers().values("retry-after")).containsExactly("20"));
  }

  @Test
  void throwsOnAnErrorInsideAStream() {
    fake.onChat(
        call -> call.stream().send(Requests.wire("openai/chat.stream.error-midway.sse")).end());
    var params = OpenAiClient.chat("fake~m").build();
    assertThatThrownBy(
            () -> {
              try (var stream = client.chat().completions().createStreaming(params)) {
                stream.stream().forEach(chunk -> {});
              }
            })
        .isInstanceOf(com.openai.errors.OpenAIException.class);
  }

  private static void chat(String model) {
    client.chat().completions().create(OpenAiClient.chat(model).build());
  }

  private static List<Float> embed(EmbeddingCreateParams.Builder params) {
    var request = params.model("fake~m").input("Hello").build();
    return client.embeddings().create(request).data().get(0).embedding();
  }
}
