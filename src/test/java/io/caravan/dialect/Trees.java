package io.caravan.dialect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** JSON for tests, written with single quotes or read from a recorded sample. */
final class Trees {

  private Trees() {}

  static ObjectNode tree(String singleQuoted) {
    try {
      return (ObjectNode) Json.read(singleQuoted.replace('\'', '"'));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(singleQuoted, e);
    }
  }

  static JsonNode wire(String file) throws IOException {
    return Json.read(Files.readAllBytes(Path.of("src/test/resources/wire", file)));
  }

  /** A chat request with one message, whose fields stand in braces. */
  static ObjectNode chat(String message) {
    return tree("{'model':'m','messages':[" + message + "]}");
  }

  /** A chunk of a service's stream. */
  static ObjectNode chunk(String delta, String finishReason) {
    var chunk = tree("{'id':'c-1','created':5,'model':'theirs'}");
    var choice = chunk.putArray("choices").addObject().put("index", 0);
    choice.set("delta", tree(delta));
    choice.put("finish_reason", finishReason);
    return chunk;
  }
}
