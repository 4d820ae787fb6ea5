package io.caravan.routing;

import java.util.ArrayList;
import java.util.List;

/**
 * A model's name as a client writes it, taken apart. Names hold {@code /}, {@code :}, {@code @},
 * spaces and even {@code ~}, so only the first separator counts.
 *
 * @param service the part before the separator, null if there is none
 * @param model the rest
 */
record ModelName(String service, String model) {

  /** The ways to read a name, in the order in which they are to be tried. */
  static List<ModelName> readings(String name) {
    var readings = new ArrayList<ModelName>();
    split(name, '~', readings);
    split(name, '/', readings);
    readings.add(new ModelName(null, name));
    return readings;
  }

  private static void split(String name, char separator, List<ModelName> readings) {
    int at = name.indexOf(separator);
    if (at <= 0 || at == name.length() - 1) return;
    readings.add(new ModelName(name.substring(0, at), name.substring(at + 1)));
  }
}
