package io.caravan.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.BadAnswer;
import io.caravan.json.Json;
import io.caravan.streaming.ServerEvent;
import io.caravan.streaming.Transformer;

/**
 * OpenAI's own form, spoken by most services: all passes as it is, but errors are found, a stream
 * that breaks off is noticed, and thinking has one name. Serves chat and text completions alike.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/chat">Chat completions</a>
 */
public final class OpenAiDialect implements Dialect {

  /** The request itself, as a copy whose fields the caller may set. */
  @Override
  public ObjectNode toProvider(ObjectNode chat) {
    return Json.shallowCopy(chat);
  }

  @Override
  public ObjectNode toCompletion(JsonNode answer) {
    var choices = Answers.whole(answer).path("choices");
    if (!choices.isArray() || choices.isEmpty()) {
      throw new BadAnswer("an answer without `choices`");
    }
    for (var choice : choices) {
      if (!choice.path("message").isObject() && !choice.path("text").isTextual()) {
        throw new BadAnswer("a choice without a `message`");
      }
      finished(choice);
    }
    ObjectNode completion = answer.deepCopy();
    Reasoning.rename(completion);
    return completion;
  }

  /**
   * OpenAI's own {@code finish_reason} is never null in a whole answer: who sends null has not
   * finished. Some leave it out, or empty: they have finished if they have said anything.
   */
  private static void finished(JsonNode choice) {
    JsonNode reason = choice.path("finish_reason");
    if (!Answers.reason(reason).isEmpty()) return;
    if (reason.isNull() || saysNothing(choice)) throw Answers.unfinished();
  }

  private static boolean saysNothing(JsonNode choice) {
    boolean nothing = choice.path("text").asText("").isEmpty();
    for (var field : choice.path("message").properties()) {
      JsonNode value = field.getValue();
      boolean empty = value.isTextual() ? value.asText().isEmpty() : value.isNull();
      boolean counts = !field.getKey().equals("role");
      nothing &= !counts || empty || value.isContainerNode() && value.isEmpty();
    }
    return nothing;
  }

  @Override
  public Transformer<ServerEvent, ObjectNode> chunks() {
    return new OpenAiChunks();
  }

  /** Any list of models; some services leave out {@code created} or {@code owned_by}. */
  @Override
  public ArrayNode toModels(JsonNode answer) {
    var models = Json.array();
    for (var entry : answer.isArray() ? answer : Answers.list(answer, "data")) {
      if (!entry.path("id").isTextual() || !installed(entry.path("status"))) continue;
      var model = Models.model(entry.path("id").asText());
      if (entry.path("created").isIntegralNumber()) model.set("created", entry.get("created"));
      if (entry.path("owned_by").isTextual()) model.set("owned_by", entry.get("owned_by"));
      models.add(OpenAiModels.add(entry, model));
    }
    return models;
  }

  /** Cortex lists models that could be downloaded, llama.cpp's router those that just are. */
  private static boolean installed(JsonNode status) {
    return status.isTextual()
        ? status.asText().equals("downloaded")
        : !status.path("value").asText().equals("downloading");
  }
}
