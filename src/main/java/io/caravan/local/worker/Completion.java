package io.caravan.local.worker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;

/**
 * One request to llama.cpp.
 *
 * @param parameters what is sampled how, in llama.cpp's names; every value is ours, checked and
 *     typed
 * @param prompt the text that the model goes on with
 * @param promptTokens its length
 * @param limit tokens to generate at most; the slot's context has room for them
 */
record Completion(ObjectNode parameters, String prompt, int promptTokens, int limit) {

  /**
   * Streams always, to see each token. The prompt cache is off expressly: left to its default, a
   * repeated prompt was now and then answered with garbage (java-llama.cpp 4.2.0).
   */
  String json() {
    var request = Json.shallowCopy(parameters);
    request.put("prompt", prompt).put("n_predict", limit);
    request.put("stream", true).put("cache_prompt", false);
    return Json.text(request);
  }

  /**
   * Counts what llama.cpp does not tell. An end token, or a stop text, shows as events without text
   * behind the last text; a limit that is reached does not.
   *
   * @param textTokens tokens in the generated text
   * @param events tokens that completed a character, the end token included
   * @param trailing those of them behind the last text
   */
  Piece.End end(int textTokens, int events, int trailing) {
    boolean stops = parameters.has("stop");
    if (events > 0 && trailing == 0 && !stops) return end("length", limit);
    int tokens = Math.min(limit, Math.max(events, textTokens + trailing));
    return end(stops && trailing == 0 && tokens >= limit ? "length" : "stop", tokens);
  }

  private Piece.End end(String reason, int tokens) {
    return new Piece.End(reason, promptTokens, tokens);
  }
}
