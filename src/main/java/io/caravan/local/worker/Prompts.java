package io.caravan.local.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import java.util.List;

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

  /** The request's prompts, each of which is gone on with. */
  List<Completion> texts(JsonNode request) {
    int vocabulary = llama.gguf().vocabulary();
    var parameters = parameters(request);
    var sampling = parameters.sampling();
    return PromptInput.parts(request, parameters.choices(), vocabulary).stream()
        .map(part -> completion(tokens(part), sampling, parameters, "prompt"))
        .toList();
  }

  private int[] tokens(JsonNode prompt) {
    return prompt.isTextual()
        ? llama.prompt(prompt.asText())
        : TokenIds.read(prompt, llama.gguf().vocabulary(), "prompt");
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
