package io.caravan.local.worker;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.errors.GatewayException.InvalidRequest;

/** Token ids that a client sends: one that is not in the vocabulary would end the process. */
final class TokenIds {

  private TokenIds() {}

  /**
   * Reads a list of ids.
   *
   * @param vocabulary how many tokens the model knows
   * @param param the request's field that the list is in
   * @throws InvalidRequest if it is no list of such ids
   */
  static int[] read(JsonNode list, int vocabulary, String param) {
    if (!list.isArray()) throw wrong(vocabulary, param);
    var ids = new int[list.size()];
    for (int i = 0; i < ids.length; i++) {
      var id = list.get(i);
      boolean known = id.isIntegralNumber() && id.canConvertToInt();
      if (!known || id.asInt() < 0 || id.asInt() >= vocabulary) throw wrong(vocabulary, param);
      ids[i] = id.asInt();
    }
    return ids;
  }

  private static InvalidRequest wrong(int vocabulary, String param) {
    var message = "`%s` must be a list of token ids from 0 to %d.".formatted(param, vocabulary - 1);
    return new InvalidRequest(message, param, "invalid_value");
  }
}
