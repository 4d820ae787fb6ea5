package io.caravan.local;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Names for people from the stems of file names: {@code tinychat-2m-q8_0} is {@code tinychat},
 * {@code Meta-Llama-3.1-8B-Instruct-Q4_K_M} is {@code Meta-Llama-3.1-8B-Instruct}.
 */
final class ShortNames {

  private static final Pattern QUANTIZATION =
      Pattern.compile(
          "(?i)(?<=.)[-._](ud-)?(i?q[1-8](_[0-9a-z]+)*|tq[12]_0|mxfp4|b?f16|f32|fp16|fp32)$");

  /** A number of weights, such as 2m, 0.5B or 8x7B. */
  private static final Pattern SIZE =
      Pattern.compile("(?i)(?<=.)[-._](\\d+x)?\\d+(\\.\\d+)?[kmbt]$");

  private ShortNames() {}

  /** The short name of each stem; stems that would share one keep their full length. */
  static Map<String, String> of(Collection<String> stems) {
    var takers = new HashMap<String, Integer>();
    for (var stem : stems) takers.merge(shorten(stem), 1, Integer::sum);
    var names = new HashMap<String, String>();
    for (var stem : stems) {
      var name = shorten(stem);
      names.put(stem, takers.get(name) == 1 ? name : stem);
    }
    return names;
  }

  private static String shorten(String stem) {
    var unquantized = QUANTIZATION.matcher(stem).replaceFirst("");
    return SIZE.matcher(unquantized).replaceFirst("");
  }
}
