package io.caravan.local.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;

/** Makes what llama.cpp goes on with out of a client's request. */
final class Prompts {

  private final Llama llama;

  Prompts(Llama llama) {
    this.llama = llama;
  }

  /** The request's messages and tools in the model's own words. */
  Completion chat(JsonNode request, ToolChoice choice) {
    var placeholders = new Placeholders();
    var tools = new Tools(placeholders);
    var conversation = Json.object();
    conversation.set("messages", new Messages(placeholders).read(request));
    if (choice.wanted()) conversation.set("tools", tools.hide(request.path("tools")));
    var parameters = parameters(request);
    var sampling = parameters.sampling();
    if (choice.wanted()) choice.addTo(sampling);
    var rendered = tools.show(llama.render(Json.text(conversation)));
    var prompt = placeholders.show(rendered) + choice.opening(llama.gguf().chatTemplate());
    return completion(llama.prompt(prompt), sampling, parameters, "messages");
  }

  Completion text(JsonNode request) {
    var prompt = request.path("prompt");
    if (prompt.isArray() && prompt.size() == 1 && !prompt.get(0).isNumber()) prompt = prompt.get(0);
    boolean ids = prompt.path(0).isNumber();
    if (!ids && (!prompt.isTextual() || prompt.asText().isEmpty())) {
      var message = "`prompt` must be one text, not empty, or its token ids.";
      throw new InvalidRequest(message, "prompt", null);
    }
    var parameters = parameters(request);
    var tokens =
        ids
            ? TokenIds.read(prompt, llama.gguf().vocabulary(), "prompt")
            : llama.prompt(prompt.asText());
    return completion(tokens, parameters.sampling(), parameters, "prompt");
  }

  Parameters parameters(JsonNode request) {
    return new Parameters(request, llama.gguf().vocabulary());
  }

  /** One token stays free: at the very end of its context llama.cpp fails instead of ending. */
  private Completion completion(
      int[] tokens, ObjectNode sampling, Parameters parameters, String param) {
    int room = llama.context() - tokens.length - 1;
    if (room < 1) {
      var message =
          "This model's maximum context length is %d tokens. However, your %s resulted in %d tokens.";
      throw new InvalidRequest(
          message.formatted(llama.context(), param, tokens.length),
          param,
          "context_length_exceeded");
    }
    return new Completion(sampling, tokens, parameters.limit(room));
  }
}
