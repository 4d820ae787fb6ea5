package io.caravan.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;

/**
 * Ollama's pull, create, load and unload.
 *
 * @see <a href="https://github.com/ollama/ollama/blob/main/docs/api.md">API</a>
 */
public final class OllamaLifecycle {

  /** {@code POST /api/pull}; a pull of what is partly there goes on where it ended. */
  public ObjectNode toPull(ObjectNode wanted) {
    if (wanted.hasNonNull("url")) {
      throw new InvalidRequest(
          "Ollama installs models by name: leave 'params.url' out. A repository of Hugging Face is"
              + " named hf.co/owner/repository.",
          "params.url",
          "invalid_value");
    }
    return name(wanted).put("stream", true);
  }

  /** {@code POST /api/create} from a blob that was sent before. */
  public ObjectNode toCreate(ObjectNode wanted, String digest) {
    var create = name(wanted).put("stream", true);
    create.putObject("files").put("model.gguf", digest);
    return create;
  }

  /**
   * {@code POST /api/generate} without a prompt: loads the model, or unloads it. It stays loaded
   * for as long as Ollama is set to keep models, unless the options hold {@code keep_alive}.
   */
  public ObjectNode toGenerate(ObjectNode wanted, String operation) {
    var request = name(wanted);
    if (operation.equals("unload")) request.put("keep_alive", 0);
    else if (wanted.path("options") instanceof ObjectNode options) request.setAll(options);
    return request.put("stream", false);
  }

  /** {@code DELETE /api/delete}. */
  public ObjectNode toDelete(ObjectNode wanted) {
    return name(wanted);
  }

  /** The lines of a pull or create as progress. */
  public Object toProgress(Object answer) {
    return Progress.of(answer, new OllamaSteps());
  }

  private static ObjectNode name(ObjectNode wanted) {
    return Json.object().put("model", wanted.path("model").asText());
  }
}
