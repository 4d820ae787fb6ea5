package io.caravan.local.worker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import io.caravan.local.Gguf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * The {@code input} of an embeddings request: a text or texts, or the tokens of one text or of
 * several.
 */
final class EmbeddingInput {

  private static final int MAX_TEXTS = 2048;

  private final JsonNode input;
  private final Gguf gguf;

  EmbeddingInput(JsonNode request, Gguf gguf) {
    this.input = request.path("input");
    this.gguf = gguf;
  }

  /**
   * The texts.
   *
   * @param textOf the text of tokens
   * @throws InvalidRequest if there are none, too many, or an empty one, or an unknown token
   */
  List<String> texts(Function<int[], String> textOf) {
    var texts = new ArrayList<String>();
    for (var part : parts()) {
      texts.add(part.isTextual() ? part.asText() : textOf.apply(bare(part)));
    }
    if (texts.contains("")) throw wrong();
    return texts;
  }

  /** Lists of tokens with what llama.cpp puts around a text; null if the input is text. */
  ArrayNode wrapped() {
    var parts = parts();
    if (parts.get(0).isTextual()) return null;
    var all = Json.array();
    for (var part : parts) {
      var tokens = all.addArray();
      if (gguf.addBos() && gguf.bosToken() >= 0) tokens.add(gguf.bosToken());
      for (int id : bare(part)) tokens.add(id);
      if (gguf.addEos() && gguf.eosToken() >= 0) tokens.add(gguf.eosToken());
    }
    return all;
  }

  private List<JsonNode> parts() {
    boolean one = input.isTextual() || input.path(0).isNumber();
    var parts = new ArrayList<JsonNode>();
    if (one) parts.add(input);
    else input.forEach(parts::add);
    if (parts.isEmpty() || parts.size() > MAX_TEXTS) throw wrong();
    for (var part : parts) {
      if (!part.isTextual() && !part.isArray() || part.isEmpty() && part.isArray()) throw wrong();
    }
    return parts;
  }

  /** The tokens of the text itself, for llama.cpp puts the others around each text. */
  private int[] bare(JsonNode list) {
    var ids = TokenIds.read(list, gguf.vocabulary(), "input");
    int begin = gguf.addBos() && ids[0] == gguf.bosToken() ? 1 : 0;
    int end = gguf.addEos() && ids[ids.length - 1] == gguf.eosToken() ? 1 : 0;
    if (ids.length <= begin + end) throw wrong();
    return Arrays.copyOfRange(ids, begin, ids.length - end);
  }

  private static InvalidRequest wrong() {
    return new InvalidRequest(
        "`input` must be a text, its token ids, or a list of at most 2048 of either, none empty.",
        "input",
        null);
  }
}
