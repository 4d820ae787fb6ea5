package io.caravan.local.worker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import java.util.Arrays;

/**
 * One request to llama.cpp.
 *
 * @param parameters what is sampled how, in llama.cpp's names; every value is ours, checked and
 *     typed
 * @param prompt the tokens that the model goes on with; never those of a client, for one that is
 *     not in the vocabulary ends the process
 * @param limit tokens to generate at most; the slot's context has room for them
 */
record Completion(ObjectNode parameters, int[] prompt, int limit) {

  /** The request as a whole: streams always, to see each token. */
  String json(SlotMemory.Place place) {
    return json(parameters, prompt.length, limit, place, place.known() > 0);
  }

  /** A step that only evaluates the prompt's first tokens. */
  String step(int tokens, SlotMemory.Place place) {
    return json(Json.object(), tokens, 0, place, place.known() > 0);
  }

  /** The prompt cache is used only for what this process knows to be there. */
  private String json(
      ObjectNode what, int tokens, int limit, SlotMemory.Place place, boolean goesOn) {
    var request = Json.shallowCopy(what);
    var numbers = request.putArray("prompt");
    for (int i = 0; i < tokens; i++) numbers.add(prompt[i]);
    request.put("n_predict", limit).put("id_slot", place.number());
    return Json.text(request.put("stream", true).put("cache_prompt", goesOn));
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

  /** The prompt's first tokens. */
  int[] first(int tokens) {
    return Arrays.copyOf(prompt, tokens);
  }

  /** The same with nothing to generate. */
  Completion evaluated() {
    return new Completion(parameters, prompt, 0);
  }

  /** The same for one of several answers: what is random in each shall differ. */
  Completion choice(int index) {
    if (index == 0 || !parameters.has("seed")) return this;
    var other = Json.shallowCopy(parameters);
    other.put("seed", (parameters.get("seed").asLong() + index) % Parameters.SEEDS);
    return new Completion(other, prompt, limit);
  }

  /** What a slot holds that has evaluated the prompt and these tokens. */
  int[] with(int[] generated) {
    var all = Arrays.copyOf(prompt, prompt.length + generated.length);
    System.arraycopy(generated, 0, all, prompt.length, generated.length);
    return all;
  }

  private Piece.End end(String reason, int tokens) {
    return new Piece.End(reason, prompt.length, tokens);
  }
}
