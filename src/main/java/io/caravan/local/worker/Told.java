package io.caravan.local.worker;

/** What llama.cpp told of one task. */
final class Told {

  private final StringBuilder text = new StringBuilder();
  private int events;
  private int trailing;

  /** One more event, with the text of the tokens that it stands for. */
  void add(String more) {
    events++;
    trailing = more.isEmpty() ? trailing + 1 : 0;
    text.append(more);
  }

  String text() {
    return text.toString();
  }

  /** Tokens that completed a character, the end token included. */
  int events() {
    return events;
  }

  /** Those of them behind the last text. */
  int trailing() {
    return trailing;
  }
}
