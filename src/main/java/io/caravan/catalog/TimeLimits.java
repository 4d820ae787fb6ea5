package io.caravan.catalog;

import java.time.Duration;

/**
 * How long a service may keep Caravan waiting.
 *
 * @param connect to open a connection
 * @param brief for a ping or a model list, whole
 * @param head from a request that is not streamed to the head of its answer
 * @param streamHead from a streamed request to the head of its answer
 * @param firstToken from a streamed request to its first content
 * @param load the same two for a model that is known to be loading
 * @param idle between two events of a running stream
 * @param whole for a call that is not streamed, from request to the answer's last byte
 */
public record TimeLimits(
    Duration connect,
    Duration brief,
    Duration head,
    Duration streamHead,
    Duration firstToken,
    Duration load,
    Duration idle,
    Duration whole) {

  /** For calls that nobody else can take over: a head may take as long as the whole. */
  public TimeLimits(
      Duration connect, Duration brief, Duration firstToken, Duration idle, Duration whole) {
    this(connect, brief, whole, firstToken, whole, idle, whole);
  }

  /** A head is the least that the first content needs. */
  public TimeLimits(
      Duration connect,
      Duration brief,
      Duration head,
      Duration firstToken,
      Duration load,
      Duration idle,
      Duration whole) {
    this(connect, brief, head, firstToken, firstToken, load, idle, whole);
  }

  /**
   * For an attempt behind which nobody else stands by: late is better than never.
   *
   * @param strictHead whether the limit of a plain answer's head counts all the same
   * @param strictStream whether the limit of a stream's first content counts for its head
   */
  public TimeLimits patient(boolean strictHead, boolean strictStream) {
    var plain = strictHead ? head : whole;
    var stream = strictStream ? firstToken : whole;
    return new TimeLimits(connect, brief, plain, stream, whole, load, idle, whole);
  }

  /** For a model that is known to be loading. */
  public TimeLimits loading() {
    return new TimeLimits(
        connect, brief, max(head), max(streamHead), max(firstToken), load, idle, whole);
  }

  private Duration max(Duration other) {
    return load.compareTo(other) > 0 ? load : other;
  }
}
