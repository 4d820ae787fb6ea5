package io.caravan.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromptSizeTest {

  @Test
  void countsTextAndNoPictures() throws Exception {
    var text =
        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"0123456789\"},"
            + "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,AAAAAAAAAAAAAAAAAAAAA\"}}]}]}";
    var request = (ObjectNode) Json.read(text);
    assertThatCode(() -> PromptSize.check(request, 10)).doesNotThrowAnyException();
    assertThatThrownBy(() -> PromptSize.check(request, 9))
        .hasMessageContaining("Shorten 'messages'");
    var input = (ObjectNode) Json.read("{\"input\":[\"abc\",\"def\"]}");
    assertThatThrownBy(() -> PromptSize.check(input, 5)).hasMessageContaining("'input'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'prompt':[1,2,3]}",
        "{'prompt':[[1,2],[3]]}",
        "{'suffix':'0123456789ab'}",
        "{'prediction':{'type':'a','content':'0123456789'}}",
        "{'functions':[{'name':'f','description':'0123456789'}]}",
        "{'nobody':{'knows':['0123456789','it']}}",
      })
  void noFieldIsAWayRound(String text) throws Exception {
    var request = (ObjectNode) Json.read(text.replace('\'', '"'));
    assertThatThrownBy(() -> PromptSize.check(request, 10)).hasMessageContaining("Shorten");
    assertThatCode(() -> PromptSize.check(request, 12)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'model':'mock~echo','messages':[{'role':'user','content':'0123456789'}]}",
        "{'model':'m','messages':[{'role':'user','content':[{'type':'text','text':'0123456789'}]}]}",
        "{'model':'m','messages':[{'role':'system','content':'01234'},{'role':'user','content':'56789'}]}",
        "{'model':'m','messages':[{'role':'user','name':'ann','content':'3456789'}]}",
        "{'messages':[{'role':'assistant','tool_calls':[{'id':'call_1','type':'function',"
            + "'function':{'name':'f','arguments':'{`x`: 12}'}}]}]}",
        "{'messages':[{'role':'tool','tool_call_id':'call_1','content':'0123456789'}],"
            + "'tool_choice':'auto','reasoning_effort':'low','user':'u'}",
        "{'tools':[{'type':'function','function':{'name':'f','description':'123456789'}}],"
            + "'response_format':{'type':'json_object'}}",
        "{'model':'m','prompt':'0123456789'}",
        "{'model':'m','input':'0123456789','encoding_format':'float'}",
        "{'prompt':'😀😀😀😀😀56789'}",
        "{'prompt':'data: 6789'}",
        "{'messages':[{'role':'two words!'}]}",
        "{'user':['0123456789']}",
        "{'nobody':{'role':'012345','id':'6789'}}",
      })
  void whatIsSaidCountsAndNoLabel(String text) throws Exception {
    var request = (ObjectNode) Json.read(text.replace('\'', '"').replace("`", "\\\""));
    assertThatCode(() -> PromptSize.check(request, 10)).doesNotThrowAnyException();
    assertThatThrownBy(() -> PromptSize.check(request, 9)).hasMessageContaining("Shorten");
  }

  @Test
  void aLongLabelIsNone() throws Exception {
    var request = (ObjectNode) Json.read("{\"model\":\"" + "m".repeat(129) + "\"}");
    assertThatThrownBy(() -> PromptSize.check(request, 128)).hasMessageContaining("'model'");
  }

  @Test
  void tokenIdsAreText() throws Exception {
    var request = (ObjectNode) Json.read("{\"model\":\"m\",\"prompt\":[1,2,3]}");
    assertThat(PromptSize.chars(request)).isEqualTo(12);
  }

  @Test
  void aNameIsNoPlaceToHideTextIn() throws Exception {
    var request = (ObjectNode) Json.read("{\"x\":{\"" + "y".repeat(100) + "\":{}}}");
    assertThatThrownBy(() -> PromptSize.check(request, 99)).hasMessageContaining("'x'");
  }
}
