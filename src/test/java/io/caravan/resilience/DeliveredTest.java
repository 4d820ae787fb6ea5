package io.caravan.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import org.junit.jupiter.api.Test;

/** Which beginnings of an answer another target may go on with. */
class DeliveredTest {

  @Test
  void plainTextOfOneChoice() throws Exception {
    var delivered = new Delivered("so far, ");
    delivered.add(delta("'role':'assistant','content':''"));
    delivered.add(delta("'content':'so '"));
    delivered.add(delta("'content':'good','refusal':null,'tool_calls':[]"));
    delivered.add(tree("{'choices':[],'usage':{'total_tokens':3}}"));
    assertThat(delivered.isPlain()).isTrue();
    assertThat(delivered.text()).isEqualTo("so far, so good");
  }

  @Test
  void theTextOfACompletion() throws Exception {
    var delivered = new Delivered("");
    delivered.add(tree("{'choices':[{'index':0,'text':'one','finish_reason':null}]}"));
    assertThat(delivered.isPlain()).isTrue();
    assertThat(delivered.text()).isEqualTo("one");
  }

  @Test
  void nothingElse() throws Exception {
    assertNotPlain(delta("'tool_calls':[{'index':0,'id':'c','function':{'name':'f'}}]"));
    assertNotPlain(delta("'reasoning_content':'hm'"));
    assertNotPlain(tree("{'choices':[{'index':1,'delta':{'content':'x'}}]}"));
    assertNotPlain(tree("{'choices':[{'index':0,'delta':{},'finish_reason':'stop'}]}"));
    assertNotPlain(delta("'content':'" + "x".repeat(300_000) + "'"));
  }

  private static void assertNotPlain(ObjectNode chunk) {
    var delivered = new Delivered("");
    delivered.add(chunk);
    assertThat(delivered.isPlain()).as(Json.text(chunk).substring(0, 40)).isFalse();
  }

  private static ObjectNode delta(String fields) throws JsonProcessingException {
    return tree("{'choices':[{'index':0,'delta':{" + fields + "},'finish_reason':null}]}");
  }

  private static ObjectNode tree(String singleQuoted) throws JsonProcessingException {
    return (ObjectNode) Json.read(singleQuoted.replace('\'', '"'));
  }
}
