package io.caravan.it;

import static io.caravan.it.Requests.json;
import static io.caravan.it.Requests.wire;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is told of services and models: the API below /llm, before fakes of several kinds. */
class CatalogIT {

  private static final FakeService OLLAMA = FakeService.start();
  private static final FakeService LM_STUDIO = FakeService.start();
  private static final FakeService INSTRUCTLAB = FakeService.start();
  private static final FakeService ODD = FakeService.start();
  private static final FakeService PROPOSED = FakeService.start();
  private static PackagedGateway gateway;

  @BeforeAll
  static void start() throws Exception {
    OLLAMA
        .on("GET /api/tags", call -> call.json(200, wire("ollama/tags.json")))
        .on("GET /api/ps", call -> call.json(200, json("{'models':[{'name':'llama3.2:latest'}]}")))
        .on("POST /api/show", call -> call.json(200, wire("ollama/show.response.json")));
    LM_STUDIO
        .models("meta-llama-3.1-8b-instruct", "text-embedding-nomic-embed-text-v1.5")
        .on("GET /api/v1/models", call -> call.json(404, json("{'error':'no'}")))
        .on("GET /api/v0/models", call -> call.json(200, wire("lmstudio/v0.models.json")));
    INSTRUCTLAB
        .on("GET /v1/models", call -> call.json(200, wire("instructlab/models.json")))
        .on("GET /", call -> call.json(200, wire("instructlab/root.json")));
    ODD.models("a b", "org/name:tag", "🦙", "x~y", "per%cent", "../up");
    PROPOSED.models("proposed").on("GET /who", call -> call.json(200, json("{'who':'strange'}")));
    gateway = launch().start();
    Await.until("details are there", () -> model("ollama~llama3.2").path("max_tokens").asInt() > 0);
    Await.until("states are there", () -> model("ollama~llama3.2").path("loaded").asBoolean());
  }

  private static Launch launch() throws Exception {
    return Launch.with(
            "caravan.service.o.provider=ollama",
            "caravan.service.ollama.enabled=true",
            "caravan.service.ollama.urls=" + OLLAMA.url(),
            "caravan.service.lmstudio.enabled=true",
            "caravan.service.lmstudio.urls=" + LM_STUDIO.url(),
            "caravan.service.vllm.enabled=true",
            "caravan.service.vllm.urls=" + INSTRUCTLAB.url(),
            "caravan.service.instructlab.enabled=true",
            "caravan.service.instructlab.urls=" + INSTRUCTLAB.url(),
            "caravan.service.odd.provider=openai-compatible",
            "caravan.service.odd.urls=" + ODD.url(),
            "caravan.service.strange.provider=strange",
            "caravan.service.strange.enabled=false",
            "caravan.service.o.enabled=false",
            "caravan.service.cloud.provider=openai",
            "caravan.discovery.scan=true")
        .file("providers/strange-sink.kamelet.yaml", strange());
  }

  /** A provider whose usual installation is where a fake listens. */
  private static String strange() {
    return """
    apiVersion: camel.apache.org/v1
    kind: Kamelet
    metadata:
      name: strange-sink
      annotations:
        caravan/fingerprint: '/who "strange"'
    spec:
      definition:
        title: Strange
        properties:
          baseUrl: { type: string, default: "%s" }
      template:
        from:
          uri: kamelet:source
          steps:
            - to: direct:call-openai-api
    """
        .formatted(PROPOSED.url());
  }

  @AfterAll
  static void stop() {
    gateway.close();
    for (var fake : new FakeService[] {OLLAMA, LM_STUDIO, INSTRUCTLAB, ODD, PROPOSED}) fake.close();
  }

  private static JsonNode get(String path) {
    var reply = gateway.client().get(path);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.tree();
  }

  private static JsonNode model(String name) {
    return gateway.client().get("/llm/models/" + name).tree();
  }

  @Test
  void ollamasOwnWordsComeFirst() {
    var model = model("ollama~llama3.2");
    assertThat(model.path("id").asText()).isEqualTo("ollama~llama3.2:latest");
    assertThat(model.path("type").asText()).isEqualTo("llm");
    assertThat(model.path("state").asText()).isEqualTo("loaded");
    assertThat(model.path("quantization").asText()).isEqualTo("Q4_K_M");
    assertThat(model.path("parameters").asText()).isEqualTo("3.2B");
    assertThat(model.path("max_tokens").asInt()).isEqualTo(131072);
    assertThat(model.path("tooling").asBoolean()).isTrue();
    assertThat(model.path("size").asLong()).isEqualTo(2019393189L);
  }

  @Test
  void lmStudioIsReadInItsOlderFormToo() {
    Await.until("details", () -> get("/llm/models?type=embeddings").path("total").asInt() == 1);
    var models = get("/llm/services/lmstudio/models").path("data");
    assertThat(models.get(0).path("publisher").asText()).isEqualTo("lmstudio-community");
    assertThat(models.get(1).path("state").asText()).isEqualTo("loaded");
  }

  @Test
  void aUrlThatTwoClaimIsListedOnceUnderTheRightName() {
    Await.until(
        "it is known", () -> get("/llm/models?service=instructlab").path("total").asInt() == 1);
    Await.until(
        "so is the other", () -> get("/llm/services/vllm").path("status").asText().equals("down"));
    assertThat(get("/llm/models?service=vllm").path("total").asInt()).isZero();
    assertThat(get("/llm/services/vllm").path("error").asText()).contains("InstructLab");
  }

  @Test
  void proposesWhatIsNotConfigured() {
    Await.until("it was seen", () -> !get("/llm/services").path("proposals").isEmpty());
    var proposal = get("/llm/services").path("proposals").get(0);
    assertThat(proposal.path("provider").asText()).isEqualTo("strange");
    assertThat(proposal.at("/urls/0").asText()).isEqualTo(PROPOSED.url());
  }

  @Test
  void tellsHowAServiceIs() {
    var service = get("/llm/services/ollama");
    assertThat(service.path("status").asText()).isEqualTo("up");
    assertThat(service.path("models").asInt()).isEqualTo(1);
    assertThat(service.path("history")).isNotEmpty();
    var flags = get("/llm/services/ollama/capabilities");
    assertThat(flags).hasSize(14);
    assertThat(flags.path("InstallModel").asBoolean()).isTrue();
    assertThat(flags.path("LoadModelProgress").asBoolean()).isFalse();
    assertThat(get("/llm/services/cloud").path("status").asText()).isEqualTo("not configured");
  }

  @Test
  void pingAsksNow() {
    assertThat(get("/llm/services/odd/ping").path("status").asText()).isEqualTo("up");
    ODD.on("GET /v1/models", call -> call.json(200, "{\"data\":[{]"));
    try {
      var down = get("/llm/services/odd/ping");
      assertThat(down.path("status").asText()).isEqualTo("down");
      assertThat(down.path("error").asText()).contains("malformed");
      assertThat(get("/llm/models?service=odd").path("total").asInt()).as("kept").isEqualTo(6);
    } finally {
      ODD.models("a b", "org/name:tag", "🦙", "x~y", "per%cent", "../up");
    }
    assertThat(get("/llm/services/odd/ping").path("status").asText()).isEqualTo("up");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "org/name:tag", "🦙", "x~y", "per%cent", "../up"})
  void oddNamesWork(String name) {
    var encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    for (var path :
        new String[] {
          "/llm/models/odd~" + encoded,
          "/llm/services/odd/models/" + encoded,
          "/v1/models/odd~" + encoded
        }) {
      assertThat(get(path).path("id").asText()).isEqualTo("odd~" + name);
    }
  }

  @Test
  void slashesNeedNotBeEncoded() {
    assertThat(get("/llm/services/odd/models/org/name:tag").path("name").asText())
        .isEqualTo("org/name:tag");
    assertThat(get("/llm/models/odd~org/name:tag").path("name").asText()).isEqualTo("org/name:tag");
  }

  @Test
  void filtersAndPages() {
    assertThat(get("/llm/models?service=odd&limit=2&offset=5").path("data")).hasSize(1);
    assertThat(get("/llm/models?service=odd&limit=2&offset=5").path("total").asInt()).isEqualTo(6);
    assertThat(get("/llm/models?state=loaded&service=ollama").path("total").asInt()).isEqualTo(1);
    assertThat(get("/llm/models?capability=tools&text=LLAMA3.2").path("total").asInt())
        .isEqualTo(1);
    assertThat(get("/llm/models?capability=InstallModel&service=odd").path("total").asInt())
        .isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "/llm/services/nope, 404, service_not_found",
    "/llm/services/nope/models, 404, service_not_found",
    "/llm/services/nope/ping, 404, service_not_found",
    "/llm/services/ollama/models/nope, 404, model_not_found",
    "/llm/models/nope, 404, model_not_found",
    "/llm/models?type=nope, 400,",
    "/llm/models?limit=-1, 400,",
    "/llm/models?service=nope, 404, service_not_found",
    "/llm/registry/models?registry=nope, 400,",
    "/llm/registry/models?sort=nope, 400,",
    "/llm/registry/models?limit=0, 400,"
  })
  void refusesInOpenAisForm(String path, int status, String code) {
    var reply = gateway.client().get(path);
    assertThat(reply.status()).as(reply.body()).isEqualTo(status);
    assertThat(reply.error().path("message").asText()).isNotBlank();
    assertThat(reply.error().path("code").asText(null)).isEqualTo(code);
  }
}
