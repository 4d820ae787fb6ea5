package io.caravan.routing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.catalog.Provider;
import io.caravan.errors.GatewayException;
import io.caravan.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Fits a request's parameters to what its target's provider can take, as the provider's Kamelet
 * declares it. A parameter that says nothing new ({@code n: 1}) can always go; one whose loss would
 * change the meaning is refused; any other is left out and the client is told.
 */
public final class Parameters {

  /** How the answer is to be delivered is Caravan's own affair where a service cannot stream. */
  private static final Set<String> DELIVERY = Set.of("stream", "stream_options");

  private Parameters() {}

  /**
   * A request that its target can take.
   *
   * @param body the request with the target's own model name
   * @param dropped the parameters left out
   */
  public record Fitted(ObjectNode body, List<String> dropped) {}

  /**
   * Fits a request.
   *
   * @throws GatewayException.InvalidRequest naming a parameter that the target refuses
   */
  public static Fitted fit(ObjectNode request, Target target) {
    var provider = target.service().provider();
    var body = Json.shallowCopy(request);
    body.put("model", target.model());
    var dropped = new ArrayList<String>();
    if (isUnlimited(provider)) return new Fitted(body, dropped);
    request
        .fieldNames()
        .forEachRemaining(name -> fit(name, request.get(name), target, body, dropped));
    return new Fitted(body, dropped);
  }

  private static void fit(
      String name, JsonNode value, Target target, ObjectNode body, List<String> dropped) {
    var provider = target.service().provider();
    boolean takes =
        !provider.refuses().contains(name)
            && !provider.drops().contains(name)
            && (provider.accepts().isEmpty() || provider.accepts().contains(name));
    if (takes || name.equals("model")) return;
    body.remove(name);
    if (isNeutral(name, value) || DELIVERY.contains(name)) return;
    if (provider.refuses().contains(name)) throw refused(name, target);
    dropped.add(name);
  }

  private static GatewayException refused(String name, Target target) {
    return new GatewayException.InvalidRequest(
        "'%s' is not supported by the service `%s` (%s). Leave it out, or choose another model."
            .formatted(name, target.service().name(), target.service().provider().title()),
        name,
        "unsupported_parameter");
  }

  /** Whether a value asks for just what happens without it. */
  private static boolean isNeutral(String name, JsonNode value) {
    if (value.isNull()) return true;
    // searching the web is asked for by an empty object
    if (value.isContainerNode() && value.isEmpty()) return !name.equals("web_search_options");
    return switch (name) {
      case "n" -> value.asInt() == 1;
      case "logprobs", "echo", "store" -> value.isBoolean() && !value.asBoolean();
      case "parallel_tool_calls" -> value.asBoolean();
      case "tool_choice" -> value.asText().equals("auto") || value.asText().equals("none");
      case "response_format" -> value.path("type").asText().equals("text");
      case "presence_penalty", "frequency_penalty", "top_logprobs" -> value.asDouble() == 0;
      default -> false;
    };
  }

  private static boolean isUnlimited(Provider provider) {
    return provider.accepts().isEmpty()
        && provider.drops().isEmpty()
        && provider.refuses().isEmpty();
  }
}
