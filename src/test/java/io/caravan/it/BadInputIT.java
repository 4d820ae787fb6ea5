package io.caravan.it;

import static io.caravan.it.Refusals.assertError;
import static io.caravan.it.Requests.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.caravan.it.Client.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests that make no sense: each gets a status and all four fields of an OpenAI error. */
class BadInputIT {

  private static final String CHAT = "/v1/chat/completions";
  private static final String USER = "{'role':'user','content':'Hi'}";

  private static FakeService fake;
  private static PackagedGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    fake = FakeService.start();
    gateway =
        PackagedGateway.before(fake, "openai-compatible", "caravan.service.mock.provider=mock");
    Await.until("the model list", () -> gateway.client().get("/v1/models/fake~m").status() == 200);
  }

  @AfterAll
  static void stop() {
    gateway.close();
    fake.close();
  }

  @AfterEach
  void theGatewayStillAnswers() {
    assertThat(fake.waiting()).as("calls that reached the service").isZero();
    assertThat(gateway.client().chat("mock~echo", "").status()).isEqualTo(200);
    gateway.assertIdle();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      nullValues = "-",
      textBlock =
          """
          ""                                                   | -                 | -
          {                                                    | -                 | -
          nonsense                                             | -                 | -
          []                                                   | -                 | -
          null                                                 | -                 | -
          {} {}                                                | -                 | -
          {'messages':[USER]}                                  | model             | missing_required_parameter
          {'model':null,'messages':[USER]}                     | model             | missing_required_parameter
          {'model':'','messages':[USER]}                       | model             | -
          {'model':'  ','messages':[USER]}                     | model             | -
          {'model':7,'messages':[USER]}                        | model             | invalid_type
          {'model':['fake~m'],'messages':[USER]}               | model             | invalid_type
          {'model':'fake~m'}                                   | messages          | missing_required_parameter
          {'model':'fake~m','messages':null}                   | messages          | missing_required_parameter
          {'model':'fake~m','messages':[]}                     | messages          | empty_array
          {'model':'fake~m','messages':'Hi'}                   | messages          | invalid_type
          {'model':'fake~m','messages':{}}                     | messages          | invalid_type
          {'model':'fake~m','messages':['Hi']}                 | messages[0]       | invalid_type
          {'model':'fake~m','messages':[{'content':'Hi'}]}     | messages[0].role  | missing_required_parameter
          {'model':'fake~m','messages':[{'role':'robot','content':'Hi'}]} | messages[0].role | invalid_value
          {'model':'fake~m','messages':[{'role':'user'}]}      | messages[0].content | missing_required_parameter
          {'model':'fake~m','messages':[USER,{'role':'user','content':7}]} | messages[1].content | invalid_type
          {'model':'fake~m','messages':[{'role':'user','content':['Hi']}]} | messages[0].content[0] | invalid_type
          {'model':'fake~m','messages':[USER],'stream':'true'} | stream            | invalid_type
          {'model':'fake~m','messages':[USER],'stream':1}      | stream            | invalid_type
          {'model':'fake~m','messages':[USER],'max_tokens':0}  | max_tokens        | integer_below_min_value
          {'model':'fake~m','messages':[USER],'max_tokens':-1} | max_tokens        | integer_below_min_value
          {'model':'fake~m','messages':[USER],'max_tokens':'5'} | max_tokens       | invalid_type
          {'model':'fake~m','messages':[USER],'max_completion_tokens':0} | max_completion_tokens | integer_below_min_value
          {'model':'fake~m','messages':[USER],'temperature':'hot'} | temperature   | invalid_type
          {'model':'fake~m','messages':[USER],'tools':{}}      | tools             | invalid_type
          {'model':'fake~m','messages':[USER,{'role':'assistant','tool_calls':'x'}]} | messages[1].tool_calls | invalid_type
          {'model':'fake~m','messages':[USER,{'role':'assistant','tool_calls':['x']}]} | messages[1].tool_calls | invalid_type
          """)
  void chat(String body, String param, String code) {
    assertError(post(CHAT, body.replace("USER", USER)), 400, param, code);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      nullValues = "-",
      textBlock =
          """
          {'model':'fake~m'}                                    | input           | missing_required_parameter
          {'model':'fake~m','input':null}                       | input           | missing_required_parameter
          {'model':'fake~m','input':''}                         | input           | -
          {'model':'fake~m','input':[]}                         | input           | -
          {'model':'fake~m','input':7}                          | input           | invalid_type
          {'model':'fake~m','input':{}}                         | input           | invalid_type
          {'model':'fake~m','input':[{}]}                       | input           | invalid_type
          {'model':'fake~m','input':['a',5]}                    | input           | invalid_type
          {'model':'fake~m','input':[5,'a']}                    | input           | invalid_type
          {'model':'fake~m','input':[[1,2],'a']}                | input           | invalid_type
          {'model':'fake~m','input':[[1,'a']]}                  | input           | invalid_type
          {'model':'fake~m','input':[[]]}                       | input           | invalid_type
          {'model':'fake~m','input':[1,-1]}                     | input           | invalid_type
          {'model':'fake~m','input':[1,null]}                   | input           | invalid_type
          {'model':'fake~m','input':'a','encoding_format':'hex'} | encoding_format | invalid_value
          {'model':'fake~m','input':'a','dimensions':0}         | dimensions      | integer_below_min_value
          {'input':'a'}                                         | model           | missing_required_parameter
          """)
  void embeddings(String body, String param, String code) {
    assertError(post("/v1/embeddings", body), 400, param, code);
  }

  @Test
  void completions() {
    assertError(
        post("/v1/completions", "{'model':'fake~m'}"), 400, "prompt", "missing_required_parameter");
    assertError(
        post("/v1/completions", "{'model':'fake~m','prompt':7}"), 400, "prompt", "invalid_type");
  }

  @ParameterizedTest
  @CsvSource({"fake~nothing", "nowhere~m", "fake/nothing", "nothing"})
  void unknownModelsAndServices(String model) {
    var reply = gateway.client().chat(model, "");
    assertError(reply, 404, null, "model_not_found");
    assertThat(reply.error().path("message").asText()).contains("`" + model + "`");
    assertError(gateway.client().get("/v1/models/" + model), 404, null, "model_not_found");
  }

  @Test
  void bytesThatAreNoUtf8() {
    var bytes =
        Requests.chat("fake~m", "")
            .replace("Hello", "\u00FF")
            .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    var reply =
        gateway
            .client()
            .call(
                "POST",
                CHAT,
                BodyPublishers.ofByteArray(bytes),
                "Content-Type",
                "application/json");
    assertError(reply, 400, null, null);
    assertThat(reply.error().path("message").asText()).contains("UTF-8");
  }

  @Test
  void moreValuesThanAnybodyNeeds() {
    var reply =
        post(
            CHAT,
            "{'model':'fake~m','messages':[" + USER + "],'x':[" + "[],".repeat(1_000_000) + "1]}");
    assertError(reply, 400, null, null);
    assertThat(reply.error().path("message").asText()).contains("too much");
  }

  @Test
  void nestedMoreDeeplyThanAnybodyNeeds() {
    var reply = post(CHAT, "[".repeat(100_000));
    assertError(reply, 400, null, null);
    assertThat(reply.error().path("message").asText()).contains("nested").doesNotContain("Stream");
  }

  private static Reply post(String path, String body) {
    return gateway.client().post(path, json(body));
  }
}
