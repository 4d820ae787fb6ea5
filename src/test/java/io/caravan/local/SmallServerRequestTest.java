package io.caravan.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client of the small local server's API may say, and where. */
class SmallServerRequestTest {

  @Test
  void samplingIsSaidInItsOwnObject() throws Exception {
    var request =
        read(
            "{'messages':[],'stream':true,'inference_configs':{'temperature':0,'max_tokens':2,'top_k':1,"
                + "'top_p':1,'repeat_penalty':1,'stop':['x'],'seed':1,'min_p':null,'model':null}}");
    assertThat(request.openAi("local~tinychat"))
        .isEqualTo(
            json(
                "{'model':'local~tinychat','messages':[],'stream':true,'temperature':0,'max_tokens':2,"
                    + "'top_k':1,'top_p':1,'repeat_penalty':1,'stop':['x'],'seed':1}"));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "model ,'x~y'",
        "messages ,[]",
        "stream ,true",
        "stream_options ,{}",
        "tools ,[]",
        "tool_choice ,'auto'",
        "fallbacks ,['x~y']",
        "n ,2",
        "load_model_configs ,{}"
      })
  void whoAnswersAndWhatIsNotSaidThere(String name, String value) {
    var refusal = refusal("{'inference_configs':{'%s':%s}}".formatted(name, value));
    assertThat(refusal.param()).isEqualTo("inference_configs." + name);
    assertThat(refusal).hasMessageContaining("'" + name + "' stands beside it");
  }

  @Test
  void whatNoEngineKnowsIsLeftToTheGatewayToDrop() throws Exception {
    var request =
        read("{'messages':[],'inference_configs':{'tfs_z':1,'mirostat_mode':0,'top_k':1}}");
    assertThat(request.openAi("m"))
        .isEqualTo(json("{'model':'m','messages':[],'tfs_z':1,'mirostat_mode':0,'top_k':1}"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "1", "8", "63", "-1", "64.5", "'64'", "99999999999"})
  void aContextHasToHoldAPrompt(String context) {
    var refusal = refusal("{'load_model_configs':{'n_ctx':%s}}".formatted(context));
    assertThat(refusal.param()).isEqualTo("load_model_configs.n_ctx");
    assertThat(refusal).hasMessageContaining("64 or more").hasMessageContaining("leave it out");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {"{} ,0", "{'n_ctx':null} ,0", "null ,0", "{'n_ctx':64} ,64", "{'n_ctx':1024} ,1024"})
  void theContextIsTheClientsToChoose(String configs, int context) throws Exception {
    var request = read("{'load_model_configs':%s}".formatted(configs));
    assertThat(request.options().context()).isEqualTo(context);
  }

  private static InvalidRequest refusal(String body) {
    return catchThrowableOfType(InvalidRequest.class, () -> read(body).options());
  }

  private static SmallServerRequest read(String body) throws Exception {
    return SmallServerRequest.of(json(body));
  }

  private static ObjectNode json(String text) throws Exception {
    return (ObjectNode) Json.read(text.replace('\'', '"'));
  }
}
