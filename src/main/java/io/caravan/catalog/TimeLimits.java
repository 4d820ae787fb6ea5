package io.caravan.catalog;

import java.time.Duration;

/**
 * How long a service may keep Caravan waiting.
 *
 * @param connect to open a connection
 * @param brief for a ping or a model list, whole
 * @param firstToken from a streamed request to its first content
 * @param idle between two reads of a running stream
 * @param whole for a call that is not streamed, from request to the answer's last byte
 */
public record TimeLimits(
    Duration connect, Duration brief, Duration firstToken, Duration idle, Duration whole) {}
