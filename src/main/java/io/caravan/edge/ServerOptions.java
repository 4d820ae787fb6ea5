package io.caravan.edge;

import java.time.Duration;

/**
 * How the edge listens.
 *
 * @param port 0 for any that is free
 * @param maxBodyBytes the largest request body
 * @param idle how long a connection may be silent while it is the client's turn: before a request,
 *     between two requests, and inside the body of one
 * @param loops event loops that share the connections; 1 if the port is 0
 * @param onLoopBytes requests with bodies up to this size run on their event loop, larger ones on a
 *     worker thread, because parsing them would keep others waiting; -1 for none
 */
public record ServerOptions(
    String host, int port, long maxBodyBytes, Duration idle, int loops, int onLoopBytes) {}
