package io.caravan.inbound;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException;
import io.caravan.json.Json;
import io.caravan.routing.Target;
import org.apache.camel.Exchange;

/** Tokens and the text of tokens, under the unified name of the model that they belong to. */
public final class TokenWriter {

  /** Body of {@code POST /v1/tokenize} or {@code POST /v1/detokenize}. */
  public void write(Exchange exchange) {
    var answer = exchange.getMessage().getBody(JsonNode.class);
    boolean tokenize = "tokenize".equals(exchange.getVariable("operation"));
    var body = tokenize ? tokens(answer) : text(answer);
    var target = exchange.getVariable(Target.VARIABLE, Target.class);
    exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/json");
    exchange.getMessage().setBody(Json.bytes(body.put("model", target.unifiedName())));
  }

  private static ObjectNode tokens(JsonNode answer) {
    var tokens = answer.path("tokens");
    if (!tokens.isArray()) throw new GatewayException.BadAnswer("no tokens");
    return Json.object().<ObjectNode>set("tokens", tokens).put("count", tokens.size());
  }

  private static ObjectNode text(JsonNode answer) {
    var content = answer.path("content");
    if (!content.isTextual()) throw new GatewayException.BadAnswer("no text");
    return Json.object().set("content", content);
  }
}
