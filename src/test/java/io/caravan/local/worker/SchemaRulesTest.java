package io.caravan.local.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaRulesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'object','properties':{'age':{'type':'integer'}},'required':['age'],'additionalProperties':false}",
        "{'$ref':'#/$defs/node','$defs':{'node':{'type':'object','properties':{'next':{'$ref':'#/$defs/node'}}}}}",
        "{'type':'array','items':{'enum':['a','b',1]},'minItems':1,'maxItems':3}",
        "{'anyOf':[{'type':'string','maxLength':5},{'const':null}]}",
        "{'type':['string','null'],'title':'t','description':'pattern'}"
      })
  void takesWhatIsEnforced(String schema) {
    assertThatCode(() -> check(schema)).doesNotThrowAnyException();
  }

  /** The first three ended the worker's process, the others were not enforced. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'string','pattern':'^[z-a]$'}",
        "{'properties':{'a':{'type':'string','pattern':'^(?=x)$'}}}",
        "{'const':'\\u0000'}",
        "{'anyOf':[]}",
        "{'$ref':'#/$defs/a','$defs':{'a':{'$ref':'#/$defs/a'}}}",
        "{'$ref':'#/$defs/gone'}",
        "{'$ref':'https://example.com/schema.json'}",
        "{'not':{'type':'string'}}",
        "{'type':'array','maxItems':1000000000}",
        "{'items':7}"
      })
  void refusesTheRest(String schema) {
    var refusal = catchThrowableOfType(InvalidRequest.class, () -> check(schema));
    assertThat(refusal.param()).isEqualTo("response_format");
    assertThat(refusal.code()).isEqualTo("unsupported_parameter");
  }

  private static void check(String schema) throws Exception {
    SchemaRules.check(Json.read(schema.replace('\'', '"')));
  }
}
