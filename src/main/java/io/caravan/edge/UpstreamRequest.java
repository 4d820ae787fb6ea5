package io.caravan.edge;

import io.vertx.core.http.RequestOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * One request to a service.
 *
 * @param headers all that travel, apart from those that HTTP itself needs
 * @param body JSON bytes, null for none
 * @param file what is sent instead of a body, null for nothing
 * @param streamed whether the answer was asked for as a stream
 * @param far whether only addresses outside of this machine and its networks may be called
 * @param once whether it must not be sent again, though a pooled connection turned out to be closed
 * @param limit until the head of the answer is there, or its first content if it is streamed
 * @param whole until the whole answer is there if it is not streamed
 */
record UpstreamRequest(
    RequestOptions options,
    Map<String, String> headers,
    byte[] body,
    Path file,
    boolean streamed,
    boolean far,
    boolean once,
    Duration limit,
    Duration whole) {}
