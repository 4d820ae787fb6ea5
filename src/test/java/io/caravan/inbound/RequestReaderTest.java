package io.caravan.inbound;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import io.caravan.settings.Configuration;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestReaderTest {

  private static final String MESSAGES = "'messages':[{'role':'user','content':'x'}]";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{} | messages | missing_required_parameter",
        "{'messages':null} | messages | missing_required_parameter",
        "{'messages':'x'} | messages | invalid_type",
        "{'messages':[]} | messages | empty_array",
        "{'messages':['x']} | messages[0] | invalid_type",
        "{'messages':[{'content':'x'}]} | messages[0].role | missing_required_parameter",
        "{'messages':[{'role':'robot','content':'x'}]} | messages[0].role | invalid_value",
        "{'messages':[{'role':'user'}]} | messages[0].content | missing_required_parameter",
        "{'messages':[{'role':'user','content':7}]} | messages[0].content | invalid_type",
        "{'messages':[{'role':'user','content':[7]}]} | messages[0].content[0] | invalid_type",
        "{'messages':[{'role':'user','content':[{}]}]} | messages[0].content[0].type | missing_required_parameter",
        "{'model':7,M} | model | invalid_type",
        "{'model':' ',M} | model | ",
        "{'stream':'yes',M} | stream | invalid_type",
        "{'max_tokens':0,M} | max_tokens | integer_below_min_value",
        "{'max_tokens':1.5,M} | max_tokens | invalid_type",
        "{'temperature':'hot',M} | temperature | invalid_type",
        "{'stop':[1],M} | stop | invalid_type",
        "{'tools':{},M} | tools | invalid_type",
      })
  void namesTheFieldAtFault(String body, String param, String code) {
    var refusal = refusal(body, "chat");
    assertThat(refusal.param()).isEqualTo(param);
    assertThat(refusal.code()).isEqualTo(code);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "completions | {} | prompt",
        "embeddings | {} | input",
        "embeddings | {'input':''} | input",
        "embeddings | {'input':[]} | input",
        "embeddings | {'input':{}} | input",
        "embeddings | {'input':[true]} | input",
        "embeddings | {'input':'x','encoding_format':'hex'} | encoding_format",
      })
  void knowsWhatEachOperationNeeds(String operation, String body, String param) {
    assertThat(refusal(body, operation).param()).isEqualTo(param);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {"{ | line 1", "[] | not an object", "'x' | not an object", "{} {} | not valid JSON"})
  void saysWhatIsWrongWithTheBody(String body, String words) {
    assertThat(refusal(body, "chat")).hasMessageContaining(words);
    assertThat(refusal(body, "chat").param()).isNull();
  }

  /** Overlong forms, a surrogate, beyond Unicode, Latin-1; and UTF-16, which Jackson would take. */
  @ParameterizedTest
  @ValueSource(strings = {"c0af", "e080af", "eda080", "f4908080", "e9", "0078"})
  void refusesBytesThatAreNotUtf8(String hex) {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes("{\"messages\":[{\"role\":\"user\",\"content\":\"".getBytes(UTF_8));
    if (hex.startsWith("00")) bytes.reset();
    bytes.writeBytes(HexFormat.of().parseHex(hex));
    bytes.writeBytes("\"}]}".getBytes(UTF_8));
    var refusal =
        catchThrowableOfType(
            InvalidRequest.class, () -> reader(Map.of()).read(bytes.toByteArray(), "chat"));
    assertThat(refusal).hasMessageContaining("UTF-8");
  }

  @Test
  void leavesAGoodRequestAsItIs() throws IOException {
    var body = "{'model':'m','temperature':0,'x':0.10,'y':1e400,'seed':null,M}";
    assertThat(reader(Map.of()).read(bytes(body), "chat")).isEqualTo(Json.read(bytes(body)));
    assertThat(reader(Map.of()).read(bytes(body), "chat").toString()).contains("0.10");
  }

  @Test
  void addsConfiguredDefaultsOnlyWhereNoneAreGiven() throws IOException {
    var reader = reader(Map.of("caravan.temperature", "0.5", "caravan.max-tokens", "100"));
    var filled = reader.read(bytes("{M}"), "chat");
    assertThat(filled.path("temperature").asDouble()).isEqualTo(0.5);
    assertThat(filled.path("max_tokens").asInt()).isEqualTo(100);
    var given = reader.read(bytes("{'temperature':0,'max_completion_tokens':7,M}"), "chat");
    assertThat(given.path("temperature").asDouble()).isZero();
    assertThat(given.has("max_tokens")).isFalse();
  }

  @Test
  void theLongestPromptCanChangeWhileCallsRun() throws IOException {
    var setting = "caravan.limits.max-prompt-chars";
    var none = Configuration.load(null, Map.of(), Map.of());
    var now = new AtomicReference<>(none);
    var reader = new RequestReader(none, now::get);
    var body = bytes("{'model':'m','prompt':'0123456789'}");
    reader.read(body, "completions");
    now.set(Configuration.load(null, Map.of(), Map.of(setting, "3")));
    assertThatThrownBy(() -> reader.read(body, "completions")).hasMessageContaining(setting);
    now.set(none);
    reader.read(body, "completions");
  }

  private static InvalidRequest refusal(String body, String operation) {
    return catchThrowableOfType(
        InvalidRequest.class, () -> reader(Map.of()).read(bytes(body), operation));
  }

  private static byte[] bytes(String singleQuoted) {
    return singleQuoted.replace("M}", MESSAGES + "}").replace('\'', '"').getBytes(UTF_8);
  }

  private static RequestReader reader(Map<String, String> settings) throws IOException {
    var configuration = Configuration.load(null, Map.of(), settings);
    return new RequestReader(configuration, () -> configuration);
  }
}
