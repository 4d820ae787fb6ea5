package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of a conversation on its way into the model, told by the tokens that it makes. */
class LocalTextIT {

  private static final String ONE_TOOL =
      "{\"type\":\"function\",\"function\":{\"name\":\"{{ t.function.name }}\"}}";
  private static final String TOOLS =
      "{%- if tools %}{{ '<|im_start|>system\\n' }}You may call these tools: [{% for t in tools %}"
          + ONE_TOOL
          + "{% if not loop.last %},{% endif %}{% endfor %}]{{ '<|im_end|>\\n' }}{% endif %}";

  /** Four planes; each of these characters is four tokens of one byte. */
  private static final String PLANES = "🎉𝒳𠀀😀";

  private static final int PLANES_TOKENS = 16;

  @TempDir static Path folder;
  private static final Map<LocalEngine, PackagedGateway> GATEWAYS =
      new EnumMap<>(LocalEngine.class);

  @BeforeAll
  static void start() throws Exception {
    write("plain", chat());
    write("begin", chat().behind("add_bos_token\7\0\0\0", "\1"));
    var twice = "{{ bos_token }}";
    write(
        "twice",
        chat()
            .behind("add_bos_token\7\0\0\0", "\1")
            .replace(TOOLS, padded(twice, "{#", "#}", TOOLS)));
    write("tools", chat().replace(ONE_TOOL, padded("{{ t | tojson", "", "}}", ONE_TOOL)));
    for (var engine : LocalEngine.present().toList()) {
      GATEWAYS.put(engine, engine.launch("caravan.local.models=" + folder).start());
    }
  }

  @AfterAll
  static void stop() {
    GATEWAYS.values().forEach(PackagedGateway::close);
  }

  static Stream<LocalEngine> engines() {
    return LocalEngine.present();
  }

  @ParameterizedTest
  @MethodSource("engines")
  void theBeginTokenComesOnce(LocalEngine engine) throws Exception {
    int plain = tokens(engine, request("plain"));
    assertThat(tokens(engine, request("begin"))).isEqualTo(plain + 1);
    assertThat(tokens(engine, request("twice"))).isEqualTo(plain + 1);
  }

  @ParameterizedTest
  @MethodSource("engines")
  void nothingComesBetweenThePartsOfAText(LocalEngine engine) throws Exception {
    var request = request("plain");
    int whole = tokens(engine, request);
    var message = (ObjectNode) request.at("/messages/0");
    var text = message.path("content").asText();
    var parts = message.putArray("content");
    for (var part : new String[] {text.substring(0, 2), text.substring(2)}) {
      parts.addObject().put("type", "text").put("text", part);
    }
    assertThat(tokens(engine, request)).isEqualTo(whole);
  }

  @ParameterizedTest
  @MethodSource("engines")
  void everyPlaneReachesTheModelInADescription(LocalEngine engine) throws Exception {
    int without = tokens(engine, withTool(request("tools"), "a"));
    int with = tokens(engine, withTool(request("tools"), "a" + PLANES));
    assertThat(with).isEqualTo(without + PLANES_TOKENS);
  }

  @ParameterizedTest
  @MethodSource("engines")
  void everyPlaneReachesTheModelInTheArgumentsOfAnEarlierCall(LocalEngine engine) throws Exception {
    int without = tokens(engine, withCall(request("plain"), "a"));
    assertThat(tokens(engine, withCall(request("plain"), "a" + PLANES)))
        .isEqualTo(without + PLANES_TOKENS);
  }

  @ParameterizedTest
  @MethodSource("engines")
  void argumentsMayBeAnObjectOrNone(LocalEngine engine) throws Exception {
    var request = withCall(request("plain"), "a");
    int asText = tokens(engine, request);
    var function = (ObjectNode) request.at("/messages/1/tool_calls/0/function");
    function.putObject("arguments").put("zone", "a");
    assertThat(tokens(engine, request)).isEqualTo(asText);
    int none = tokens(engine, withArguments(request, "{}"));
    assertThat(tokens(engine, withArguments(request, ""))).isEqualTo(none);
    assertThat(tokens(engine, withArguments(request, null))).isEqualTo(none);
  }

  @ParameterizedTest
  @MethodSource("engines")
  void aRefusalIsWhatTheAssistantSaid(LocalEngine engine) throws Exception {
    var request = request("plain");
    var said = request.withArray("messages").addObject().put("role", "assistant");
    said.put("content", "No.");
    int asText = tokens(engine, request);
    var part = said.putArray("content").addObject().put("type", "refusal");
    part.put("refusal", "No.");
    assertThat(tokens(engine, request)).isEqualTo(asText);
  }

  /** Our own engine's; what llama-server has called is its own affair. */
  @Test
  void everyPlaneComesBackInArgumentsThatAreStreamed() throws Exception {
    var request = withTool(request("plain"), "a").put("stream", true).put("max_tokens", 200);
    request.put("tool_choice", "required");
    var parameters = request.withObject("/tools/0/function/parameters").put("type", "object");
    parameters.withObject("/properties/zone").putArray("enum").add(PLANES);
    parameters.putArray("required").add("zone");
    var arguments = new StringBuilder();
    try (var call =
        RawCall.post(
            GATEWAYS.get(LocalEngine.JLLAMA), "/v1/chat/completions", Json.text(request))) {
      for (var event : call.events()) {
        if (event.endsWith("[DONE]")) continue;
        var delta = Json.read(event.substring("data: ".length())).at("/choices/0/delta");
        arguments.append(delta.at("/tool_calls/0/function/arguments").asText());
      }
    }
    assertThat(Json.read(arguments.toString()).path("zone").asText()).isEqualTo(PLANES);
  }

  private static int tokens(LocalEngine engine, ObjectNode request) {
    var reply = GATEWAYS.get(engine).client().post("/v1/chat/completions", Json.text(request));
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.tree().at("/usage/prompt_tokens").asInt();
  }

  private static ObjectNode request(String model) throws Exception {
    return (ObjectNode) Json.read(Requests.chat("local~" + model, "'max_tokens':1"));
  }

  private static ObjectNode withTool(ObjectNode request, String description) {
    var function = request.putArray("tools").addObject().put("type", "function");
    function.putObject("function").put("name", "now").put("description", description);
    return request;
  }

  private static ObjectNode withCall(ObjectNode request, String argument) {
    var call = request.withArray("messages").addObject().put("role", "assistant");
    var function = call.putArray("tool_calls").addObject().put("id", "1").put("type", "function");
    var arguments = Json.text(Json.object().put("zone", argument));
    function.putObject("function").put("name", "now").put("arguments", arguments);
    request
        .withArray("messages")
        .addObject()
        .put("role", "tool")
        .put("tool_call_id", "1")
        .put("content", "1");
    return request;
  }

  private static ObjectNode withArguments(ObjectNode request, String arguments) {
    var function = (ObjectNode) request.at("/messages/1/tool_calls/0/function");
    function.put("arguments", arguments);
    return request;
  }

  private static String padded(String text, String open, String close, String like) {
    int pad = like.length() - text.length() - open.length() - close.length();
    return text + open + " ".repeat(pad) + close;
  }

  private static GgufPatch chat() throws Exception {
    return GgufPatch.of(GgufPatch.CHAT);
  }

  private static void write(String name, GgufPatch model) throws Exception {
    model.to(folder.resolve(name + ".gguf"));
  }
}
