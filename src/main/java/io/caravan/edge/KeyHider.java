package io.caravan.edge;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.caravan.streaming.ServerEvent;
import io.caravan.streaming.Transformer;
import java.util.function.Consumer;

/**
 * A service that fails may quote the key that it was given; nobody gets it to see, wherever it
 * stands. Only failures are searched: a key such as {@code ollama} may well be a word of a good
 * answer.
 */
final class KeyHider implements Transformer<ServerEvent, ServerEvent> {

  private static final String HIDDEN = "***";

  /** Shorter ones are made up to please a client library, and would be found in every sentence. */
  private static final int LEAST_KEY_CHARS = 6;

  private final String key;

  /**
   * @param key null if the service was given none
   */
  KeyHider(String key) {
    this.key = key == null || key.length() < LEAST_KEY_CHARS ? null : key;
  }

  @Override
  public void next(ServerEvent event, Consumer<ServerEvent> out) {
    boolean quoted = key != null && isFailure(event) && event.data().contains(key);
    out.accept(quoted ? new ServerEvent(event.name(), hide(event.data())) : event);
  }

  /** The text of a failure without the key. */
  String hide(String text) {
    return key == null ? text : text.replace(key, HIDDEN);
  }

  /** The body of a failure without the key. */
  byte[] hide(byte[] body) {
    return key == null ? body : hide(new String(body, UTF_8)).getBytes(UTF_8);
  }

  /** Inside a text of the answer the quotes would be escaped. */
  private static boolean isFailure(ServerEvent event) {
    return "error".equals(event.name()) || event.data().contains("\"error\"");
  }
}
