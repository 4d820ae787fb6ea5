package io.caravan.local.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateGuardsTest {

  private final Placeholders placeholders = new Placeholders();

  @ParameterizedTest
  @ValueSource(strings = {"plain", "🎉 and 🎉🚀", "\u0000", "\uE000 beside 🎉", "𝒳\uF8FF", "日本"})
  void everyCharacterComesBack(String text) {
    var hidden = placeholders.hide(text);
    assertThat(hidden.chars().filter(c -> c == 0 || Character.isSurrogate((char) c))).isEmpty();
    assertThat(placeholders.show("<" + hidden + ">")).isEqualTo("<" + text + ">");
  }

  @Test
  void halfACharacterBecomesTheReplacementCharacter() {
    assertThat(placeholders.hide("a\uD83Db")).isEqualTo("a\uFFFDb");
  }

  @Test
  void tooManyDifferentCharactersAreRefused() {
    var text = new StringBuilder();
    for (int code = 0x20000; code < 0x20000 + 6401; code++) text.appendCodePoint(code);
    assertThatThrownBy(() -> placeholders.hide(text.toString())).isInstanceOf(InvalidRequest.class);
  }

  @Test
  void messagesGetTheFormThatTemplatesTake() throws JsonProcessingException {
    var read =
        messages(
            """
            [{"role":"developer","content":[{"type":"text","text":"Be "},{"type":"text","text":"kind"}]},
             {"role":"user","content":"?","name":"x","unknown":1},
             {"role":"assistant","content":null,"tool_calls":[
               {"id":"1","type":"function","function":{"name":"f","arguments":""}}]},
             {"role":"tool","tool_call_id":"1","content":"20"}]
            """);
    assertThat(read)
        .hasToString(
            """
            [{"role":"system","content":"Be kind"},\
            {"role":"user","content":"?"},\
            {"role":"assistant","content":"","tool_calls":[{"type":"function","id":"1",\
            "function":{"name":"f","arguments":"{}"}}]},\
            {"role":"tool","content":"20","tool_call_id":"1"}]""");
  }

  /** llama-server takes no refusals, and arguments in a string alone; our workers take both. */
  @Test
  void whatIsSaidInAnotherWayMeansTheSame() throws JsonProcessingException {
    var given =
        Json.read(
            """
            [{"role":"assistant","content":[{"type":"refusal","refusal":"No."},{"type":"text","text":"!"}]},
             {"role":"assistant","content":"f","tool_calls":[
               {"id":"1","type":"function","function":{"name":"f","arguments":{"a":1}}},
               {"id":"2","type":"function","function":{"name":"g","arguments":null}},
               {"id":"3","type":"function","function":{"name":"h","arguments":" "}}]}]
            """);
    var calls =
        """
        [{"id":"1","type":"function","function":{"name":"f","arguments":"{\\"a\\":1}"}},\
        {"id":"2","type":"function","function":{"name":"g","arguments":"{}"}},\
        {"id":"3","type":"function","function":{"name":"h","arguments":"{}"}}]""";
    var read = messages(Json.text(given));
    assertThat(read.at("/0/content").asText()).isEqualTo("No.!");
    assertThat(read.at("/1/tool_calls/0/function/arguments").asText()).isEqualTo("{\"a\":1}");
    assertThat(read.at("/1/tool_calls/1/function/arguments").asText()).isEqualTo("{}");
    var sent = ServerMessages.of(given);
    assertThat(sent.at("/0/content").asText()).isEqualTo("No.!");
    assertThat(sent.at("/1/tool_calls")).hasToString(calls);
    assertThat(given.at("/0/content/0/type").asText()).isEqualTo("refusal");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "null | messages",
        "[] | messages",
        "[1] | messages[0]",
        "[{\"content\":\"x\"}] | messages[0].role",
        "[{\"role\":\"god\",\"content\":\"x\"}] | messages[0].role",
        "[{\"role\":\"user\"}] | messages[0].content",
        "[{\"role\":\"user\",\"content\":5}] | messages[0].content",
        "[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}] | messages[0].content",
        "[{\"role\":\"assistant\",\"content\":[{\"type\":\"refusal\"}]}] | messages[0].content",
        "[{\"role\":\"assistant\",\"tool_calls\":[{}]}] | messages[0].tool_calls",
        "[{\"role\":\"assistant\",\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":[1]}}]}]"
            + " | messages[0].tool_calls",
        "[{\"role\":\"assistant\",\"tool_calls\":[{\"function\":{\"name\":\"f\",\"arguments\":\"[]\"}}]}]"
            + " | messages[0].tool_calls",
      })
  void whatATemplateCannotTakeIsRefusedByName(String json, String param) {
    assertThatThrownBy(() -> messages(json))
        .isInstanceOfSatisfying(
            InvalidRequest.class, refused -> assertThat(refused.param()).isEqualTo(param));
  }

  @Test
  void aSchemaTravelsAsAMark() throws JsonProcessingException {
    var tools = new Tools(placeholders);
    var schema = "{\"type\":\"weird\",\"$ref\":\"#/nowhere\",\"a\":[1,\"$x\"]}";
    var given =
        Json.read(
            "[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":"
                + schema
                + "}}]");
    var hidden = Json.text(tools.hide(given));
    assertThat(hidden).doesNotContain("weird", "$ref").contains("\"description\":\"\"");
    var real = "{\"type\": \"weird\", \"$ref\": \"#/nowhere\", \"a\": [1, \"$x\"]}";
    assertThat(tools.show(hidden)).contains("\"parameters\":" + real);
    assertThat(tools.show(hidden.replace(",", ",\n  "))).contains("\"parameters\":" + real);
  }

  @ParameterizedTest
  @ValueSource(strings = {"[{}]", "[{\"function\":{\"name\":\"a b\"}}]", "7"})
  void toolsWithoutAUsableNameAreRefused(String json) {
    assertThatThrownBy(() -> new Tools(placeholders).hide(Json.read(json)))
        .isInstanceOf(InvalidRequest.class);
  }

  private JsonNode messages(String json) throws JsonProcessingException {
    return new Messages(placeholders).read(Json.object().set("messages", Json.read(json)));
  }
}
