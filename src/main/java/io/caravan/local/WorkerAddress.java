package io.caravan.local;

/**
 * Where a running model answers OpenAI requests.
 *
 * @param url its base URL without {@code /v1}
 * @param secret the bearer token that it wants
 */
public record WorkerAddress(String url, String secret) {

  /** The secret stays out of logs. */
  @Override
  public String toString() {
    return url;
  }
}
