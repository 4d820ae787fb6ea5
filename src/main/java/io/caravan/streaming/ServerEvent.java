package io.caravan.streaming;

/**
 * One event of a service's stream: a server-sent event, or a line of NDJSON.
 *
 * @param name the {@code event:} field, null where the service sends none
 * @param data the {@code data:} lines joined by newlines, or the whole NDJSON line
 */
public record ServerEvent(String name, String data) {}
