package io.caravan.local.worker;

import java.util.List;

/**
 * Ends a text before the first of the request's stop texts. llama.cpp could do that as well, but
 * does not tell whether it did so or kept back bytes that never became a character.
 */
final class StopTexts {

  private final List<String> stops;
  private final StringBuilder kept = new StringBuilder();
  private boolean found;

  StopTexts(List<String> stops) {
    this.stops = stops;
  }

  /** What can be told by now, without what may be the beginning of a stop text. */
  String add(String more) {
    if (stops.isEmpty()) return more;
    kept.append(more);
    int end = kept.length();
    for (var stop : stops) {
      int at = kept.indexOf(stop);
      if (at < 0) continue;
      end = Math.min(end, at);
      found = true;
    }
    var told = kept.substring(0, found ? end : end - beginning());
    kept.delete(0, found ? kept.length() : told.length());
    return told;
  }

  /** What was kept although no stop text came of it. */
  String rest() {
    return kept.toString();
  }

  boolean found() {
    return found;
  }

  /** How many of the last characters may begin a stop text. */
  private int beginning() {
    for (int from = 0; from < kept.length(); from++) {
      var end = kept.substring(from);
      if (stops.stream().anyMatch(stop -> stop.startsWith(end))) return end.length();
    }
    return 0;
  }
}
