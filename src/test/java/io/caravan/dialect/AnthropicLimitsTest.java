package io.caravan.dialect;

import static io.caravan.dialect.Trees.chat;
import static io.caravan.dialect.Trees.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.InvalidRequest;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnthropicLimitsTest {

  private final AnthropicDialect dialect = new AnthropicDialect();

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        // effort, max_tokens given, max_tokens sent, budget sent
        "none, -, 4096, 0",
        "minimal, -, 4096, 0",
        "low, -, 5120, 1024",
        "medium, -, 8192, 4096",
        "high, -, 20480, 16384",
        "low, 1024, 1024, 0",
        "low, 1025, 1025, 1024",
        "high, 1500, 1500, 1024",
        "medium, 4096, 4096, 2048",
        "medium, 4097, 4097, 4096",
      })
  void keepsThinkingBelowTheLimit(String effort, Integer given, int max, int budget) {
    var chat = chat("{'role':'user','content':'?'}").put("reasoning_effort", effort);
    if (given != null) chat.put("max_tokens", given);
    var out = dialect.toProvider(chat);
    assertThat(out.path("max_tokens").asInt()).isEqualTo(max);
    assertThat(out.at("/thinking/budget_tokens").asInt()).isEqualTo(budget);
    assertThat(out.has("thinking")).isEqualTo(budget > 0);
  }

  @Test
  void doesNotThinkWhereAnthropicWouldRefuseIt() {
    var forced = tools().put("tool_choice", "required").put("reasoning_effort", "low");
    assertThat(dialect.toProvider(forced).has("thinking")).isFalse();
    var followUp =
        chat(
            "{'role':'assistant','tool_calls':[{'id':'a','function':{'name':'f'}}]},"
                + "{'role':'tool','tool_call_id':'a','content':'1'}");
    assertThat(dialect.toProvider(followUp.put("reasoning_effort", "low")).has("thinking"))
        .isFalse();
  }

  @Test
  void refusesAnEffortThatIsNone() {
    var failure = refusal(tools().put("tool_choice", "required").put("reasoning_effort", "zzz"));
    assertThat(failure.param()).isEqualTo("reasoning_effort");
    assertThat(failure).hasMessageContaining("`minimal`");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{'reasoning_effort':'high','temperature':0.3,'top_p':0.5,'top_k':4}"
            + " | user, temperature, top_p, top_k",
        "{'reasoning_effort':'high','top_p':0.95} | user",
        "{'reasoning_effort':'high','max_tokens':500,'top_k':4} | user, reasoning_effort",
        "{'reasoning_effort':'minimal'} | user, reasoning_effort",
        "{'reasoning_effort':'none','temperature':2} | user",
        "{'reasoning_effort':null,'temperature':null} | user",
      })
  void namesWhatGivesWay(String parameters, String names) {
    var chat = chat("{'role':'user','content':'?'}").<ObjectNode>setAll(tree(parameters));
    var dropped = dialect.dropped(chat, dialect.toProvider(chat), List.of("user"));
    assertThat(String.join(", ", dropped)).isEqualTo(names);
  }

  @Test
  void refusesALimitThatIsNone() {
    assertThat(refusal(chat("").put("max_tokens", "many")).param()).isEqualTo("max_tokens");
  }

  @Test
  void takesALimitOfAnySize() {
    var chat = chat("{'role':'user','content':'?'}").put("max_tokens", 1L << 40);
    assertThat(dialect.toProvider(chat).path("max_tokens").asLong()).isEqualTo(1L << 40);
  }

  private InvalidRequest refusal(ObjectNode chat) {
    return catchThrowableOfType(InvalidRequest.class, () -> dialect.toProvider(chat));
  }

  /** A request with one tool. */
  private static ObjectNode tools() {
    var chat = chat("{'role':'user','content':'?'}");
    chat.putArray("tools").add(tree("{'type':'function','function':{'name':'f'}}"));
    return chat;
  }
}
