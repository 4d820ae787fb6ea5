package io.caravan.local.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is taken of JSON schemas; that it is enforced shows in {@code LlamaWorkerTest}. */
class SchemaTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '^',
      value = {
        // references are resolved, only those that lead back stay
        "{'$ref':'#/$defs/a','$defs':{'a':{'type':'null'}}} ~ {'type':'null'}",
        "{'type':'array','items':{'$ref':'#/$defs/a'},'$defs':{'a':{'$ref':'#/$defs/b'},'b':{'type':'boolean'}}}"
            + " ~ {'type':'array','items':{'type':'boolean'}}",
        // parts that all have to hold are one
        "{'allOf':[{'required':['a']},{'type':'object','properties':{'a':{'maximum':5}}}],"
            + "'properties':{'a':{'type':'integer','minimum':1}}}"
            + " ~ {'type':'object','required':['a'],'properties':{'a':{'type':'integer','minimum':1,'maximum':5}}}",
        "{'anyOf':[{'required':['a']},{'required':['b']}],'type':'object'}"
            + " ~ {'anyOf':[{'type':'object','required':['a'],'properties':{'a':{'type':'any'}}},"
            + "{'type':'object','required':['b'],'properties':{'b':{'type':'any'}}}]}",
        // one type at a time
        "{'type':['string','null'],'maxLength':3} ~ {'anyOf':[{'type':'string','maxLength':3},{'type':'null'}]}",
        "{'type':['string','null'],'enum':['a',1,null]} ~ {'enum':['a',null]}",
        "{'minLength':2,'title':'t','description':'pattern'} ~ {'type':'string','minLength':2}",
        "{} ~ {'type':'any'}",
        "{'type':'array'} ~ {'type':'array','items':{'type':'any'}}",
        "{'type':'integer','exclusiveMinimum':1.5,'exclusiveMaximum':4} ~ {'type':'integer','minimum':2,'maximum':3}",
        "{'type':'integer','maximum':1e999999999} ~ {'type':'integer','minimum':-999999999999999,'maximum':999999999999999}",
        // whole numbers beyond what a double keeps, only where they have to be
        "{'type':'integer','minimum':1000000000000000} ~ {'type':'integer','minimum':1000000000000000,'maximum':999999999999999999}",
        "{'type':'integer','maximum':-10000000000000000} ~ {'type':'integer','minimum':-999999999999999999,'maximum':-10000000000000000}",
        "{'type':'integer','minimum':17e14,'exclusiveMaximum':18e14} ~ {'type':'integer','minimum':1700000000000000,'maximum':1799999999999999}",
        "{'type':'integer','exclusiveMinimum':999999999999999,'maximum':1000000000000000} ~ {'type':'integer','minimum':1000000000000000,'maximum':1000000000000000}",
        "{'type':'integer','minimum':5,'maximum':9223372036854775807} ~ {'type':'integer','minimum':5,'maximum':999999999999999}",
      })
  void isSaidInFewWords(String schema, String words) throws Exception {
    assertThat(Schema.enforceable(Json.read(schema.replace('\'', '"')), "response_format"))
        .hasToString(words.replace('\'', '"'));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "{'not':{'type':'string'}} ~ 'not'",
        "{'type':'array','uniqueItems':true} ~ 'uniqueItems'",
        "{'type':'object','patternProperties':{'a':{}}} ~ 'patternProperties'",
        "{'type':'object','minProperties':1} ~ 'minProperties'",
        "{'type':'integer','multipleOf':2} ~ 'multipleOf'",
        "{'type':'string','format':'idn-email'} ~ 'format' 'idn-email'",
        "{'type':'string','pattern':'^[z-a]$'} ~ 'pattern' ^[z-a]$",
        "{'properties':{'a':{'type':'string','pattern':'^(?=x)$'}}} ~ 'pattern' ^(?=x)$",
        "{'type':'string','pattern':'a++'} ~ 'pattern' a++",
        "{'type':'string','pattern':'x','maxLength':2} ~ 'pattern'",
        "{'anyOf':[]} ~ an empty 'anyOf'",
        "{'enum':[]} ~ an empty 'enum'",
        "{'type':'weird'} ~ the type 'weird'",
        "{'$ref':'#/$defs/gone'} ~ leads nowhere",
        "{'$ref':'#/$defs/a','$defs':{'a':{'$ref':'#/$defs/a'}}} ~ leads nowhere",
        "{'$ref':'#/$defs/a','$defs':{'a':{'anyOf':[{'$ref':'#/$defs/a'},{}]}}} ~ leads back to itself",
        "{'$ref':'https://example.com/schema.json'} ~ another document",
        "{'type':'array','maxItems':1000000000} ~ 'maxItems'",
        "{'type':'integer','minimum':3,'maximum':1} ~ no whole number",
        "{'type':'integer','minimum':1e18} ~ more than 18 digits",
        "{'type':'integer','maximum':-1e999999999} ~ more than 18 digits",
        "{'type':'number','minimum':1000000000000000} ~ more than 15 digits",
        "{'type':'number','minimum':999999999999999.5} ~ more than 15 digits",
        "{'type':'number','maximum':-1e16} ~ more than 15 digits",
        "{'allOf':[{'type':'string'},{'type':'null'}]} ~ exclude each other",
        "{'items':7} ~ is none",
      })
  void theRestIsRefusedByName(String schema, String named) throws Exception {
    var tree = Json.read(schema.replace('\'', '"'));
    var refusal =
        catchThrowableOfType(
            InvalidRequest.class, () -> Schema.enforceable(tree, "response_format"));
    assertThat(refusal).hasMessageContaining(named);
    assertThat(refusal.param()).isEqualTo("response_format");
    assertThat(refusal.code()).isEqualTo("unsupported_parameter");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{'const':'\\u0000'}", "{'properties':{'a\\u0000':{}}}"})
  void aNulWouldEndTheGrammar(String schema) {
    assertThat(
            catchThrowableOfType(
                InvalidRequest.class,
                () -> Schema.enforceable(Json.read(schema.replace('\'', '"')), "tools")))
        .hasMessageContaining("NUL");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      value = {
        "7 ~ 7 ~ (\"7\")",
        "0 ~ 120 ~ [0-9] | [1-9] [0-9]{1} | \"1\" ([0-1] [0-9]{1} | [2-2] (\"0\"))",
        "-3 ~ -2 ~ \"-\" ([2-3])",
        "-1 ~ 1 ~ \"-\" (\"1\") | ([0-1])",
        "1700000000000000 ~ 1799999999999999 ~ \"17\" ([0-9] [0-9]{13})",
        "1000000000000000 ~ 999999999999999999 ~ [1-9] [0-9]{15} | [1-9] [0-9]{16} | [1-9] [0-9]{17}",
      })
  void rangesAreToldDigitByDigit(long least, long most, String rule) {
    var schema = Json.object().put("type", "integer").put("minimum", least).put("maximum", most);
    assertThat(Grammar.of(schema)).contains(rule);
  }
}
