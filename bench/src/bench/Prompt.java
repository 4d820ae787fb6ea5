package bench;

import java.util.concurrent.atomic.AtomicInteger;

/** Prompts of one length, no two of which begin alike, so that no cache helps. */
final class Prompt {

  private static final AtomicInteger NUMBER = new AtomicInteger((int) ProcessHandle.current().pid());
  private static final String STORY = "Tell me a long story of a small boat and its friends. ";

  private Prompt() {}

  static String next() {
    return String.format("%06d ", NUMBER.incrementAndGet() * 7919L % 1_000_000) + STORY.repeat(4);
  }
}
