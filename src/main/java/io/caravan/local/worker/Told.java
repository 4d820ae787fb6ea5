package io.caravan.local.worker;

/** What llama.cpp told of one task. */
final class Told {

  /** Of one char in UTF-8, at most. */
  private static final int BYTES = 3;

  private final StringBuilder text = new StringBuilder();
  private int events;
  private int trailing;
  private int bytes;

  /** One more event, with the text of the tokens that it stands for. */
  void add(String more) {
    events++;
    trailing = more.isEmpty() ? trailing + 1 : 0;
    text.append(more);
    for (int i = 0; i < more.length(); i++) if (more.charAt(i) > 0x7f) bytes += BYTES;
  }

  String text() {
    return text.toString();
  }

  /** Tokens that completed a character, the end token included. */
  int events() {
    return events;
  }

  /** As many tokens as there may have been: one for each byte of what is not ASCII. */
  int most() {
    return events + bytes;
  }

  /** Those of them behind the last text. */
  int trailing() {
    return trailing;
  }
}
