package io.caravan.local.worker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import java.util.Arrays;
import java.util.List;

/**
 * One request to llama.cpp.
 *
 * @param parameters what is sampled how, in llama.cpp's names; every value is ours, checked and
 *     typed
 * @param prompt the tokens that the model goes on with; never those of a client, for one that is
 *     not in the vocabulary ends the process
 * @param limit tokens to generate at most; the slot's context has room for them
 * @param before how many of the prompt's tokens, the last ones, were generated before
 */
record Completion(ObjectNode parameters, int[] prompt, int limit, int before) {

  /** Tokens of one character at most: so many may be missing where an answer was cut. */
  private static final int CHARACTER = 4;

  /** Any text. llama.cpp then generates no bytes that are none. */
  private static final String TEXT = "root ::= [\\x01-\\uD7FF\\uE000-\\U0010FFFF]*";

  Completion(ObjectNode parameters, int[] prompt, int limit) {
    this(parameters, prompt, limit, 0);
  }

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
    request.remove("stop"); // see StopTexts
    var numbers = request.putArray("prompt");
    for (int i = 0; i < tokens; i++) numbers.add(prompt[i]);
    request.put("n_predict", limit).put("id_slot", place.number());
    return Json.text(request.put("stream", true).put("cache_prompt", goesOn));
  }

  /**
   * Counts what llama.cpp does not tell. An end token shows as an event without text behind the
   * last text; a limit that is reached does not. An end token is the last and only one; others
   * without text, such as control tokens, may be many.
   *
   * @param textTokens tokens in the generated text
   */
  Piece.End end(int textTokens, Told told) {
    int events = told.events();
    int trailing = told.trailing();
    boolean ends = trailing == 1 || trailing > 1 && events < limit;
    int known = Math.max(events, textTokens + trailing);
    if (!ends && isAtLimit(known, told)) return end("length", limit);
    return stopped(known);
  }

  /**
   * The end at a stop text.
   *
   * @param tokens that were generated
   */
  Piece.End stopped(int tokens) {
    return end("stop", Math.min(limit, tokens));
  }

  /** The texts that end the answer. */
  List<String> stops() {
    return Json.texts(parameters.path("stop"));
  }

  /**
   * What is still to be generated although llama.cpp said that it was done, null if nothing is. It
   * holds back what does not end a character, for good if the model never does so, and then tells
   * neither text nor tokens of it; where it did, the model goes on from the text that was told.
   */
  Completion rest(int[] generated, Told told) {
    boolean text = parameters.has("grammar") || parameters.has("json_schema");
    int known = Math.max(told.events(), generated.length);
    if (text || told.trailing() > 0 || isAtLimit(known, told)) return null;
    var other = Json.shallowCopy(parameters).put("grammar", TEXT);
    return new Completion(other, with(generated), limit - known, before + generated.length);
  }

  /** The prompt's first tokens. */
  int[] first(int tokens) {
    return Arrays.copyOf(prompt, tokens);
  }

  /** The same with nothing to generate. */
  Completion evaluated() {
    return new Completion(parameters, prompt, 0, before);
  }

  /** The same for one of several answers: what is random in each shall differ. */
  Completion choice(int index) {
    if (index == 0 || !parameters.has("seed")) return this;
    var other = Json.shallowCopy(parameters);
    other.put("seed", (parameters.get("seed").asLong() + index) % Parameters.SEEDS);
    return new Completion(other, prompt, limit, before);
  }

  /** What a slot holds that has evaluated the prompt and these tokens. */
  int[] with(int[] generated) {
    var all = Arrays.copyOf(prompt, prompt.length + generated.length);
    System.arraycopy(generated, 0, all, prompt.length, generated.length);
    return all;
  }

  /** Whether there may have been as many tokens as there may be. */
  private boolean isAtLimit(int known, Told told) {
    return Math.max(known, told.most()) + CHARACTER > limit;
  }

  private Piece.End end(String reason, int tokens) {
    return new Piece.End(reason, prompt.length - before, before + tokens);
  }
}
