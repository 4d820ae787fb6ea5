package io.caravan.local.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParametersTest {

  @Test
  void whatIsKnownGoesOnTypedAndTheRestStaysBehind() throws JsonProcessingException {
    var sampling =
        parameters(
                """
                {"temperature":0,"top_p":0.5,"seed":-1,"stop":"x","n_probs":5,"id_slot":9,
                 "x":7,"grammar":"root ::=","n":1,"logprobs":false,"top_k":null}
                """)
            .sampling();
    assertThat(sampling)
        .hasToString("{\"temperature\":0.0,\"top_p\":0.5,\"seed\":4294967294,\"stop\":[\"x\"]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"temperature\":-1} | temperature | invalid_value",
        "{\"temperature\":\"hot\"} | temperature | invalid_value",
        "{\"top_p\":1.5} | top_p | invalid_value",
        "{\"top_k\":1.5} | top_k | invalid_value",
        "{\"seed\":1e400} | seed | invalid_value",
        "{\"frequency_penalty\":3} | frequency_penalty | invalid_value",
        "{\"repeat_penalty\":0} | repeat_penalty | invalid_value",
        "{\"stop\":[\"\"]} | stop | invalid_value",
        "{\"stop\":{}} | stop | invalid_value",
        "{\"response_format\":{\"type\":\"xml\"}} | response_format | invalid_value",
        "{\"response_format\":{\"type\":\"json_schema\"}} | response_format | invalid_value",
        "{\"logprobs\":true} | logprobs | unsupported_parameter",
        "{\"top_logprobs\":2} | top_logprobs | unsupported_parameter",
        "{\"n\":17} | n | invalid_value",
        "{\"n\":0} | n | invalid_value",
        "{\"stop\":[\"1\",\"2\",\"3\",\"4\",\"5\"]} | stop | invalid_value",
        "{\"mirostat\":3} | mirostat | invalid_value",
        "{\"mirostat\":\"2\"} | mirostat | invalid_value",
        "{\"mirostat_tau\":-1} | mirostat_tau | invalid_value",
        "{\"mirostat_eta\":\"x\"} | mirostat_eta | invalid_value",
        "{\"typical_p\":2} | typical_p | invalid_value",
        "{\"min_p\":-0.1} | min_p | invalid_value",
        "{\"repeat_last_n\":-2} | repeat_last_n | invalid_value",
        "{\"logit_bias\":[[1,2]]} | logit_bias | invalid_value",
        "{\"logit_bias\":{\"768\":1}} | logit_bias | invalid_value",
        "{\"logit_bias\":{\"-1\":1}} | logit_bias | invalid_value",
        "{\"logit_bias\":{\"x\":1}} | logit_bias | invalid_value",
        "{\"logit_bias\":{\"99999999999\":1}} | logit_bias | invalid_value",
        "{\"logit_bias\":{\"1\":101}} | logit_bias | invalid_value",
        "{\"logit_bias\":{\"1\":\"a\"}} | logit_bias | invalid_value",
      })
  void wrongOnesAreRefusedByName(String json, String param, String code) {
    assertThatThrownBy(
            () -> {
              parameters(json).sampling();
              parameters(json).choices();
            })
        .isInstanceOfSatisfying(
            InvalidRequest.class,
            refused -> {
              assertThat(refused.param()).isEqualTo(param);
              assertThat(refused.code()).isEqualTo(code);
            });
  }

  @Test
  void biasesGoInTheFormThatLlamaCppTakes() throws JsonProcessingException {
    var sampling =
        parameters("{\"logit_bias\":{\"767\":-100,\"0\":2.5},\"mirostat\":2}").sampling();
    assertThat(sampling).hasToString("{\"mirostat\":2,\"logit_bias\":[[767,false],[0,2.5]]}");
  }

  @Test
  void limitsAreBoundByTheRoom() throws JsonProcessingException {
    assertThat(parameters("{}").limit(100)).isEqualTo(100);
    assertThat(parameters("{\"max_tokens\":7}").limit(100)).isEqualTo(7);
    assertThat(parameters("{\"max_tokens\":7,\"max_completion_tokens\":9}").limit(100))
        .isEqualTo(9);
    assertThat(parameters("{\"max_tokens\":7000}").limit(100)).isEqualTo(100);
    assertThatThrownBy(() -> parameters("{\"max_tokens\":0}").limit(100))
        .isInstanceOf(InvalidRequest.class);
  }

  private static Parameters parameters(String json) throws JsonProcessingException {
    return new Parameters(Json.read(json), 768);
  }
}
