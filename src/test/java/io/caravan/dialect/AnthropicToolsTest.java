package io.caravan.dialect;

import static io.caravan.dialect.Trees.chat;
import static io.caravan.dialect.Trees.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.InvalidRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnthropicToolsTest {

  private final AnthropicDialect dialect = new AnthropicDialect();

  @Test
  void refusesToolsAndChoicesThatAreNoFunctions() {
    var chat = tools();
    chat.withArray("tools").addObject().put("type", "custom");
    assertThat(refusal(chat).param()).isEqualTo("tools[1]");
    assertThat(refusal(tools().put("tool_choice", "perhaps")).param()).isEqualTo("tool_choice");
    var allowed = tools();
    allowed.putObject("tool_choice").put("type", "allowed_tools");
    assertThat(refusal(allowed).param()).isEqualTo("tool_choice");
  }

  @ParameterizedTest
  @CsvSource({"auto, auto", "none, none", "required, any"})
  void translatesTheToolChoiceIfThereAreTools(String choice, String expected) {
    var chat = tools().put("tool_choice", choice);
    assertThat(dialect.toProvider(chat).at("/tool_choice/type").asText()).isEqualTo(expected);
    chat.remove("tools");
    assertThat(dialect.toProvider(chat).has("tool_choice")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      nullValues = "-",
      value = {
        "- | {'type':'auto','disable_parallel_tool_use':true}",
        "required | {'type':'any','disable_parallel_tool_use':true}",
        "none | {'type':'none'}",
      })
  void forbidsParallelCallsWithAChoice(String choice, String expected) {
    var chat = tools().put("tool_choice", choice).put("parallel_tool_calls", false);
    assertThat(dialect.toProvider(chat).get("tool_choice")).isEqualTo(tree(expected));
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
