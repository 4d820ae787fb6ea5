package io.caravan.dialect;

import io.caravan.errors.GatewayException.InvalidRequest;
import java.util.Locale;

/**
 * An image that came inside the request: {@code data:image/png;base64,…}.
 *
 * @param mediaType in lower case, {@code image/jpg} corrected to {@code image/jpeg}
 * @param base64 the bytes as they came
 */
record DataUrl(String mediaType, String base64) {

  static boolean isOne(String url) {
    return url.regionMatches(true, 0, "data:", 0, 5);
  }

  /**
   * Reads a data URL.
   *
   * @param param the field that holds it, for the complaint
   */
  static DataUrl parse(String url, String param) {
    int comma = url.indexOf(',');
    var head = comma < 0 ? "" : url.substring(5, comma).toLowerCase(Locale.ROOT);
    if (!head.endsWith(";base64")) {
      throw new InvalidRequest("`" + param + "` is not a base64 data: URL.", param, null);
    }
    var type = head.substring(0, head.indexOf(';'));
    return new DataUrl(
        type.equals("image/jpg") ? "image/jpeg" : type, url.substring(comma + 1).strip());
  }
}
