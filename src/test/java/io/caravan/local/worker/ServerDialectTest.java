package io.caravan.local.worker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import io.caravan.local.Gguf;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ServerDialectTest {

  private static final String TOOLS = "'tools':[{'type':'function','function':{'name':'now'}}]";
  private static Gguf gguf;

  @BeforeAll
  static void read() throws Exception {
    gguf = Gguf.read(Path.of("models/tinychat-2m-q8_0.gguf"));
  }

  @Test
  void nothingComesBetweenThePartsOfAText() throws Exception {
    var parts = "[{'type':'text','text':'Hel'},{'type':'text','text':'lo'}]";
    var request = request("'content':" + parts, "'n':1");
    var sent = ServerDialect.request("chat", request, gguf);
    assertThat(sent.path("messages"))
        .isEqualTo(request("'content':'Hello'", "'n':1").get("messages"));
    assertThat(request.at("/messages/0/content")).as("it may be sent elsewhere").hasSize(2);
  }

  @Test
  void ofACallThatWasCutNothingIsText() throws Exception {
    var tools = request("'content':'Hello'", TOOLS);
    assertThat(ServerDialect.beforeCall("<tool_", tools, gguf)).isEmpty();
    assertThat(ServerDialect.beforeCall("<tool_call>{", tools, gguf)).isEmpty();
    assertThat(ServerDialect.beforeCall("So <b: <tool_call>{", tools, gguf)).isEqualTo("So <b: ");
    assertThat(ServerDialect.beforeCall("a < b", tools, gguf)).isEqualTo("a < b");
    var none = request("'content':'Hello'", "'n':1");
    assertThat(ServerDialect.beforeCall("<tool_", none, gguf)).isEqualTo("<tool_");
  }

  private static ObjectNode request(String message, String more) throws Exception {
    var text = "{'messages':[{'role':'user'," + message + "}]," + more + "}";
    return (ObjectNode) Json.read(text.replace('\'', '"'));
  }
}
