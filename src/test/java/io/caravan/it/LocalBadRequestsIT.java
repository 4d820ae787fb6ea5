package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every kind of request that llama.cpp dies of, waits for ever over or takes in silence: it is
 * refused by the field's name or answered, and the model's process is the same afterwards.
 */
class LocalBadRequestsIT {

  private static final String HELLO = "'messages':[{'role':'user','content':'Hello'}]";
  private static final String JSON = "{'type':'json_schema','json_schema':{'name':'x','schema':";
  private static final Map<LocalEngine, PackagedGateway> GATEWAYS =
      new EnumMap<>(LocalEngine.class);
  private static final Map<LocalEngine, List<String>> PROCESSES = new EnumMap<>(LocalEngine.class);

  @BeforeAll
  static void start() throws Exception {
    for (var engine : LocalEngine.present().toList()) {
      var gateway = engine.launch("caravan.local.parallel=4").start();
      GATEWAYS.put(engine, gateway);
      assertThat(gateway.client().chat("local~tinychat", "'max_tokens':2").status()).isEqualTo(200);
      embeds(gateway);
      PROCESSES.put(engine, processes(gateway));
    }
  }

  @AfterAll
  static void stop() {
    GATEWAYS.values().forEach(PackagedGateway::close);
  }

  /** Field that is named, and what is wrong with it. */
  static Stream<Arguments> refused() {
    return rows(
        "messages | {}",
        "messages | {'messages':[]}",
        "messages | {'messages':'Hello'}",
        "messages | {'messages':[7]}",
        "messages | {'messages':[{}]}",
        "messages | {'messages':[{'role':'user'}]}",
        "messages | {'messages':[{'role':'user','content':null}]}",
        "messages | {'messages':[{'role':'user','content':7}]}",
        "messages | {'messages':[{'role':7,'content':'a'}]}",
        "tools | {HELLO,'tools':'x'}",
        "tools | {HELLO,'tools':[7]}",
        "tools | {HELLO,'tools':[{'type':'function'}]}",
        "tools | " + deepTool(),
        "tool_choice | {HELLO,'tool_choice':'required'}",
        "response_format | {HELLO,'response_format':7}",
        "response_format | {HELLO,'response_format':{'type':'xml'}}",
        "response_format | {HELLO,'response_format':SCHEMA{'type':'weird'}}}}",
        "response_format | {HELLO,'response_format':SCHEMA{'$ref':'#/nowhere'}}}}",
        "response_format | {HELLO,'response_format':SCHEMA{'$ref':'http://x/y'}}}}",
        "response_format | {HELLO,'response_format':SCHEMA{'type':'string','pattern':'('}}}}",
        "response_format | {HELLO,'response_format':SCHEMA{'enum':[]}}}}",
        "response_format | {HELLO,'response_format':SCHEMA{'type':'integer','minimum':5,'maximum':1}}}}",
        "logprobs | {HELLO,'logprobs':true}",
        "lora | {HELLO,'lora':[{'id':99,'scale':1}],'max_tokens':5}",
        "lora | {HELLO,'lora':7,'max_tokens':5}",
        "grammar | {HELLO,'grammar':'root ::= (','max_tokens':5}",
        "json_schema | {HELLO,'json_schema':{'type':'weird'},'max_tokens':5}",
        "samplers | {HELLO,'samplers':['nonsense'],'max_tokens':5}",
        "top_logprobs | {HELLO,'logprobs':false,'top_logprobs':5}",
        "mirostat | {HELLO,'mirostat':3}",
        "mirostat | {HELLO,'mirostat':'x'}",
        "max_tokens | {HELLO,'max_tokens':'x'}",
        "max_tokens | {HELLO,'max_tokens':-7}",
        "max_tokens | {HELLO,'max_tokens':1.5}",
        "temperature | {HELLO,'temperature':-5}",
        "temperature | {HELLO,'temperature':'hot'}",
        "top_p | {HELLO,'top_p':-1}",
        "top_k | {HELLO,'top_k':[]}",
        "min_p | {HELLO,'min_p':{}}",
        "seed | {HELLO,'seed':'x'}",
        "n | {HELLO,'n':0}",
        "n | {HELLO,'n':1000000}",
        "stop | {HELLO,'stop':7}",
        "stop | {HELLO,'stop':[7]}",
        "stop | {HELLO,'stop':{}}",
        "stream | {HELLO,'stream':'x'}",
        "logit_bias | {HELLO,'logit_bias':7}",
        "logit_bias | {HELLO,'logit_bias':{'999999':1}}",
        "logit_bias | {HELLO,'logit_bias':{'-1':1}}",
        "logit_bias | {HELLO,'logit_bias':{'5':'x'}}",
        "repeat_last_n | {HELLO,'repeat_last_n':-7}",
        "frequency_penalty | {HELLO,'frequency_penalty':9}");
  }

  private static String deepTool() {
    var schema = "{'items':".repeat(900) + "{}" + "}".repeat(900);
    var function = "{'type':'function','function':{'name':'f','parameters':" + schema + "}}";
    return "{HELLO,'tools':[" + function + "]}";
  }

  @ParameterizedTest(name = "{0}: {1} {2}")
  @MethodSource("refused")
  void isRefusedByTheFieldsName(LocalEngine engine, String field, String body) {
    var reply = chat(engine, body);
    assertThat(reply.status()).as(reply.body()).isEqualTo(400);
    assertThat(reply.error().path("param").asText()).as(reply.body()).startsWith(field);
    assertThat(reply.error().path("message").asText()).isNotBlank();
    assertAlive(engine);
  }

  static Stream<Arguments> refusedElsewhere() {
    return rows(
        "completions | prompt | {'prompt':''}",
        "completions | prompt | {}",
        "completions | prompt | {'prompt':7}",
        "completions | prompt | {'prompt':[]}",
        "completions | prompt | {'prompt':[-1,99999999]}",
        "completions | prompt | {'prompt':[[1],[-2]]}",
        "completions | prompt | {'prompt':['a','']}",
        "completions | prompt | {'prompt':['a',7]}",
        "completions | mirostat | {'prompt':'a','mirostat':5}",
        "embeddings | input | {}",
        "embeddings | input | {'input':''}",
        "embeddings | input | {'input':[]}",
        "embeddings | input | {'input':['a','']}",
        "embeddings | input | {'input':7}",
        "embeddings | input | {'input':[99999999]}",
        "embeddings | input | {'input':[1,-1]}",
        "embeddings | input | {'input':[[1],[1.5]]}",
        "embeddings | input | {'input':[[1],'a']}",
        "embeddings | input | {'input':[[1],[]]}",
        "embeddings | encoding_format | {'input':'a','encoding_format':'xml'}",
        "embeddings | dimensions | {'input':'a','dimensions':7}",
        "detokenize | tokens | {'tokens':[99999999]}",
        "detokenize | tokens | {'tokens':[-1]}",
        "tokenize | content | {'content':7}");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("refusedElsewhere")
  void isRefusedByTheFieldsNameElsewhere(LocalEngine engine, String path, String rest) {
    var row = rest.split(" \\| ");
    var model = path.equals("embeddings") ? "tinyembed" : "tinychat";
    var reply = post(engine, path, with(model, row[1]));
    assertThat(reply.status()).as(reply.body()).isEqualTo(400);
    assertThat(reply.error().path("param").asText()).as(reply.body()).startsWith(row[0]);
    assertAlive(engine);
  }

  /** What is taken or left out; then the client is told which. */
  static Stream<Arguments> answered() {
    return rows(
        " | {HELLO,'max_tokens':2147483647}",
        " | {HELLO,'max_completion_tokens':100000}",
        " | {'messages':[{'role':'user','content':''}],'max_tokens':5}",
        " | {'messages':[{'role':'system','content':'a'}],'max_tokens':5}",
        " | {'messages':[{'role':'assistant','content':'a'}],'max_tokens':5}",
        " | {'messages':[{'role':'user','content':'\\u0000\\ud83d\\ude00'}],'max_tokens':5}",
        " | {HELLO,'tools':[],'max_tokens':5}",
        " | {HELLO,'stop':[],'max_tokens':5}",
        " | {HELLO,'logit_bias':{},'max_tokens':5}",
        "n_probs | {HELLO,'n_probs':5,'max_tokens':5}",
        "id_slot | {HELLO,'id_slot':99,'max_tokens':5}",
        "n_predict | {HELLO,'n_predict':'x','max_tokens':5}",
        "n_keep | {HELLO,'n_keep':-7,'max_tokens':5}",
        "cache_prompt | {HELLO,'cache_prompt':'x','max_tokens':5}",
        "dry_sequence_breakers | {HELLO,'dry_sequence_breakers':['x'],'max_tokens':5}");
  }

  @ParameterizedTest(name = "{0}: {1} {2}")
  @MethodSource("answered")
  void isAnswered(LocalEngine engine, String dropped, String body) {
    var reply = chat(engine, body);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    assertThat(String.valueOf(reply.header("x-caravan-dropped-params"))).contains(dropped);
    assertAlive(engine);
  }

  /** What JSON itself does not allow. */
  static Stream<Arguments> malformed() {
    return rows(
        " | ", "{ | ", "nonsense | ", "[] | ", "7 | ", "{'messages':} | ", "\u0000 | ", "null | ");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("malformed")
  void malformedBodiesAreRefusedOnEveryPath(LocalEngine engine, String body) {
    for (var path :
        List.of("chat/completions", "completions", "embeddings", "tokenize", "detokenize")) {
      var reply = post(engine, path, Requests.json(body));
      assertThat(reply.status()).as(path + reply.body()).isEqualTo(400);
      assertThat(reply.error().path("message").asText()).isNotBlank();
    }
    assertAlive(engine);
  }

  @ParameterizedTest
  @MethodSource("engines")
  void aModelOfTheOtherKindSaysSo(LocalEngine engine) {
    var embeddings = post(engine, "embeddings", with("tinychat", "{'input':'a'}"));
    assertThat(embeddings.status()).as(embeddings.body()).isEqualTo(400);
    var chat = post(engine, "chat/completions", with("tinyembed", "{" + HELLO + "}"));
    assertThat(chat.status()).as(chat.body()).isEqualTo(400);
    assertThat(chat.error().path("message").asText()).contains("embeddings");
    assertAlive(engine);
  }

  static Stream<LocalEngine> engines() {
    return LocalEngine.present();
  }

  /** With a slot for each of four requests an embedding model would die of a short text. */
  private static void embeds(PackagedGateway gateway) {
    var reply = gateway.client().post("/v1/embeddings", with("tinyembed", "{'input':'a'}"));
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
  }

  private static void assertAlive(LocalEngine engine) {
    assertThat(processes(GATEWAYS.get(engine))).isEqualTo(PROCESSES.get(engine));
  }

  private static List<String> processes(PackagedGateway gateway) {
    var loaded = gateway.client().get("/llm/services/local").tree().path("loaded");
    assertThat(loaded).hasSize(2);
    return Stream.of(loaded.get(0), loaded.get(1)).map(LocalBadRequestsIT::process).toList();
  }

  private static String process(JsonNode worker) {
    return worker.path("pid") + " " + worker.path("state").asText();
  }

  private static Client.Reply chat(LocalEngine engine, String body) {
    return post(engine, "chat/completions", with("tinychat", body));
  }

  private static Client.Reply post(LocalEngine engine, String path, String json) {
    return GATEWAYS.get(engine).client().post("/v1/" + path, json);
  }

  private static String with(String model, String body) {
    var whole = body.replace("HELLO", HELLO).replace("SCHEMA", JSON);
    var named = "{'model':'local~" + model + "'" + (whole.equals("{}") ? "" : ",");
    return Requests.json(named + whole.substring(1));
  }

  private static Stream<Arguments> rows(String... rows) {
    return LocalEngine.present()
        .flatMap(
            engine ->
                Stream.of(rows)
                    .map(row -> row.split(" \\| ", 2))
                    .map(row -> Arguments.of(engine, row[0], row[1])));
  }
}
