package io.caravan.dialect;

import static io.caravan.dialect.Trees.chat;
import static io.caravan.dialect.Trees.wire;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.caravan.errors.GatewayException.InvalidRequest;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Gpt4AllDialectTest {

  private final Gpt4AllDialect dialect = new Gpt4AllDialect();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'role':'tool','tool_call_id':'a','content':'x'} | messages[0]",
        "{'role':'assistant','content':null,'tool_calls':[{'id':'a'}]} | messages[0]",
        "{'role':'user','content':[{'type':'text','text':'a'},{'type':'image_url'}]} | messages[0].content[1]",
      })
  void refusesWhatItWouldLose(String message, String param) {
    var refusal =
        catchThrowableOfType(InvalidRequest.class, () -> dialect.toProvider(chat(message)));
    assertThat(refusal.param()).isEqualTo(param);
  }

  @Test
  void asksForMoreThanSixteenTokens() {
    var request = dialect.toProvider(chat("{'role':'user','content':'x'}"));
    assertThat(request.path("max_tokens").asInt()).isEqualTo(4096);
  }

  @Test
  void sendsALimitOfAnySizeAsItIs() {
    var chat = chat("{'role':'user','content':'x'}").put("max_completion_tokens", 1L << 40);
    assertThat(dialect.toProvider(chat).path("max_tokens").asLong()).isEqualTo(1L << 40);
  }

  @Test
  void leavesOutTheIdThatEveryAnswerHas() throws IOException {
    assertThat(dialect.toCompletion(wire("gpt4all/chat.response.json")).has("id")).isFalse();
  }
}
