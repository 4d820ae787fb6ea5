package io.caravan.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException;
import io.caravan.json.Json;
import java.util.Set;

/** A request to the small local server's API, checked: each complaint names the field. */
record SmallServerRequest(ObjectNode body) {

  private static final String INFERENCE = "inference_configs";
  private static final String LOADING = "load_model_configs";
  private static final String CONTEXT = "n_ctx";

  /** Fewer tokens would not hold a prompt, for anybody who uses the model. */
  private static final int LEAST_CONTEXT = 64;

  /** Fields that stand beside the messages; those of inference_configs are OpenAI's by name. */
  private static final Set<String> OUTER = Set.of("model", INFERENCE, LOADING);

  private static final Set<String> NUMBERS =
      names(
          "temperature max_tokens max_completion_tokens top_k top_p min_p typical_p repeat_penalty "
              + "repeat_last_n frequency_penalty presence_penalty mirostat mirostat_tau mirostat_eta seed");

  /**
   * Who answers, what and how is said beside the messages: from here it would be lost, or worse.
   */
  private static final Set<String> ELSEWHERE =
      names(
          "model messages stream stream_options tools tool_choice parallel_tool_calls n fallbacks "
              + "inference_configs load_model_configs");

  static SmallServerRequest of(ObjectNode body) {
    for (var name : Set.of(INFERENCE, LOADING)) {
      var value = body.path(name);
      if (!value.isMissingNode() && !value.isNull() && !value.isObject()) {
        throw wrong(name, "an object");
      }
    }
    for (var field : body.path(INFERENCE).properties()) {
      if (field.getValue().isNull()) continue;
      var name = field.getKey();
      boolean number = NUMBERS.contains(name);
      if (number && !field.getValue().isNumber()) throw wrong(INFERENCE + "." + name, "a number");
      if (ELSEWHERE.contains(name)) throw misplaced(name);
    }
    return new SmallServerRequest(body);
  }

  private static GatewayException misplaced(String name) {
    var field = INFERENCE + "." + name;
    var message = "'%s' is not taken: %s holds the parameters of sampling; '%s' stands beside it.";
    return new GatewayException.InvalidRequest(
        message.formatted(field, INFERENCE, name), field, "unsupported_parameter");
  }

  /** {@code model_name} of {@code setModel}. */
  String modelName() {
    return name("model_name", null);
  }

  /** {@code model} of a chat, or else the given one. */
  String model(String otherwise) {
    return name("model", otherwise);
  }

  /** How the model is to be loaded. Only the context is the client's to choose. */
  LoadOptions options() {
    var context = body.path(LOADING).path(CONTEXT);
    if (context.isMissingNode() || context.isNull()) return LoadOptions.CONFIGURED;
    if (!context.isIntegralNumber()
        || !context.canConvertToInt()
        || context.asInt() < LEAST_CONTEXT) {
      var wanted = "a number of tokens, %d or more; leave it out for the configured one";
      throw wrong(LOADING + "." + CONTEXT, wanted.formatted(LEAST_CONTEXT));
    }
    return new LoadOptions(context.asInt(), 0);
  }

  /** The names of what else is said of loading, which the operator's settings decide. */
  ArrayNode ignored() {
    var names = Json.array();
    body.path(LOADING)
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!name.equals(CONTEXT)) names.add(name);
            });
    return names;
  }

  /** The same chat for OpenAI's API, which leaves out what no engine knows, and says so. */
  ObjectNode openAi(String model) {
    var request = Json.object().put("model", model);
    for (var field : body.properties()) {
      if (!OUTER.contains(field.getKey())) request.set(field.getKey(), field.getValue());
    }
    for (var field : body.path(INFERENCE).properties()) {
      if (!field.getValue().isNull()) request.set(field.getKey(), field.getValue());
    }
    return request;
  }

  /** Messages and tools alone: what a prompt is made of. */
  ObjectNode prompt() {
    var messages = body.path("messages");
    if (!messages.isArray() || messages.isEmpty()) throw wrong("messages", "a list of messages");
    var prompt = Json.object();
    prompt.set("messages", messages);
    Json.copy(body, "tools", prompt, "tools");
    if (prompt.has("tools") && !prompt.get("tools").isArray()) throw wrong("tools", "a list");
    return prompt;
  }

  private static Set<String> names(String all) {
    return Set.of(all.split(" "));
  }

  private String name(String field, String otherwise) {
    JsonNode value = body.path(field);
    if (value.isTextual() && !value.asText().isBlank()) return value.asText();
    boolean absent = value.isMissingNode() || value.isNull();
    if (absent && otherwise != null) return otherwise;
    if (!absent) throw wrong(field, "the name of a model");
    throw new GatewayException.InvalidRequest(
        "Missing required parameter: '"
            + field
            + "'. GET /local/models lists the models that there are.",
        field,
        "missing_required_parameter");
  }

  private static GatewayException wrong(String field, String wanted) {
    return new GatewayException.InvalidRequest(
        "Invalid value for '" + field + "': it must be " + wanted + ".", field, "invalid_type");
  }
}
