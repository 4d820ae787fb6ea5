package io.caravan.inbound;

import io.caravan.errors.OpenAiErrors;
import io.caravan.json.Json;
import io.caravan.resilience.Breakers;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.camel.Exchange;

/** The circuit breakers for people: {@code GET /llm/breakers}, {@code POST …/{target}/reset}. */
public final class BreakerList {

  private static final String PATH = "/llm/breakers/";
  private static final String RESET = "/reset";

  private final Breakers breakers;

  public BreakerList(Breakers breakers) {
    this.breakers = breakers;
  }

  /** All targets that were tried so far, by name, each with the state of its breaker. */
  public byte[] list() {
    var list = Json.object().put("object", "list");
    var data = list.putArray("data");
    breakers
        .states()
        .forEach(
            (target, state) ->
                data.addObject()
                    .put("target", target)
                    .put("state", state.name().toLowerCase(Locale.ROOT)));
    return Json.bytes(list);
  }

  /** Closes one breaker; the target's name in the path may hold slashes, encoded or not. */
  public void reset(Exchange exchange) {
    var path = exchange.getMessage().getHeader(Exchange.HTTP_PATH, String.class);
    var name = path.substring(PATH.length());
    if (name.endsWith(RESET)) name = name.substring(0, name.length() - RESET.length());
    name = URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
    var message = exchange.getMessage();
    message.removeHeaders("*");
    if (path.endsWith(RESET) && breakers.reset(name)) {
      message.setBody(Json.bytes(Json.object().put("target", name).put("state", "closed")));
      return;
    }
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, 404);
    var hint = "There is no breaker of that name. GET /llm/breakers lists them.";
    message.setBody(OpenAiErrors.body(hint, "invalid_request_error", null, "not_found"));
  }
}
