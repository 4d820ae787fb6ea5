package io.caravan.personal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsRequestTest {

  @Test
  void readsBothWaysToWriteNames() {
    var snake =
        read(
            "{'backend_type':'a','config':{'api_key':'k','base_url':'u','max_n':1},'default_model':'m'}");
    var camel =
        read("{'backendType':'a','config':{'apiKey':'k','url':'u','maxN':1},'defaultModel':'m'}");
    assertThat(snake).isEqualTo(camel);
    assertThat(snake.config()).isEqualTo(tree("{'apiKey':'k','url':'u','maxN':1}"));
  }

  @Test
  void takesTheModelOfTheConfigWhereThereIsNoOther() {
    assertThat(read("{'config':{'model':'m'}}").defaultModel()).isEqualTo("m");
    assertThat(read("{'config':{'model':'m'},'default_model':'d'}").defaultModel()).isEqualTo("d");
    assertThat(SettingsRequest.of(new byte[0]).config()).isNull();
  }

  @Test
  void keepsWhatTakesASecretAway() {
    assertThat(read("{'config':{'apiKey':null,'token':''}}").config()).hasSize(2);
  }

  @Test
  void namesTheFieldAtFault() {
    assertThatThrownBy(() -> read("{'config':{'apiKey':'a\\nb'}}"))
        .isInstanceOfSatisfying(
            InvalidRequest.class, e -> assertThat(e.param()).isEqualTo("config.apiKey"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'settings':{'backend_type':'ollama','config':{'url':'u'}}}",
        "{'settings':[{'backendType':'ollama','config':{'url':'u'}}]}",
        "{'settings':'{\\\"backend\\\":\\\"ollama\\\",\\\"url\\\":\\\"u\\\"}'}",
        "{'backend':'ollama','url':'u'}",
        "{'ollama':{'url':'u'}}",
        "{'active':'ollama','ollama':{'url':'u'}}"
      })
  void readsWhatOlderPagesKept(String told) {
    var found = OldSettings.read(tree(told));
    assertThat(found).hasSize(1);
    assertThat(found.get(0).backendType()).isEqualTo("ollama");
    assertThat(found.get(0).config().path("url").asText()).isEqualTo("u");
  }

  @Test
  void theActiveOneComesFirst() {
    var byName = "{'lmstudio':{'url':'a'},'ollama':{'url':'b'},'active':'ollama'}";
    assertThat(types(byName)).containsExactly("ollama", "lmstudio");
    var listed =
        "{'settings':[{'backend_type':'lmstudio','config':{}},{'backend_type':'ollama','config':{},'is_active':true}]}";
    assertThat(types(listed)).containsExactly("ollama", "lmstudio");
    assertThatThrownBy(() -> types("{}")).isInstanceOf(InvalidRequest.class);
  }

  private static List<String> types(String told) {
    return OldSettings.read(tree(told)).stream().map(SettingsRequest::backendType).toList();
  }

  private static SettingsRequest read(String told) {
    return SettingsRequest.of(told.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
  }

  private static ObjectNode tree(String told) {
    try {
      return (ObjectNode) Json.read(told.replace('\'', '"'));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
