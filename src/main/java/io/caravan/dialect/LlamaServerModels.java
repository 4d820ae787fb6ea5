package io.caravan.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;

/**
 * What llama.cpp's server tells of the model it runs, in the catalog's words.
 *
 * @see <a href="https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md">API</a>
 */
public final class LlamaServerModels {

  private LlamaServerModels() {}

  /** {@code /props}, which is about the one model of a server that is no router. */
  public static ObjectNode details(JsonNode props) {
    var details = Json.object();
    details.putArray("models");
    var model = details.putObject("others");
    var answer = Answers.whole(props);
    if (answer.path("role").asText().equals("router")) return details;
    Json.copy(answer, "model_path", model, "file_path");
    long context = answer.at("/default_generation_settings/n_ctx").asLong();
    if (context > 0) model.put("max_tokens", context);
    if (answer.at("/modalities/vision").asBoolean()) model.put("type", "vlm");
    if (answer.at("/chat_template_caps/supports_tools").isBoolean()) {
      model.set("tooling", answer.at("/chat_template_caps/supports_tools"));
    }
    model.put("is_gguf", true);
    return details;
  }
}
