package io.caravan.errors;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.json.Json;
import java.io.IOException;
import java.util.Map;

/**
 * What a service said when it refused, whatever body it came in: OpenAI's and Anthropic's objects,
 * integer codes (vLLM, llama.cpp, LocalAI), a flat object (older vLLM), {@code {"message"}}
 * (Cortex), {@code {"error":"text"}} (Ollama), plain text (Jan), HTML (a proxy), nothing (GPT4All).
 *
 * @param status the HTTP status, or the best guess for an error inside a 200 or a stream
 * @param message the service's words, or a sentence made from the status
 * @param type the service's error type, null if it gave none
 * @param code the service's error code, null if it gave none or only a number
 * @param param the field it complains of, null if it names none
 * @param headers those that the client should see: retry-after, rate limits
 */
public record UpstreamError(
    int status,
    String message,
    String type,
    String code,
    String param,
    Map<String, String> headers) {

  private static final int MAX_MESSAGE_CHARS = 1000;

  /** Reads an error body that came with an HTTP status of 400 or more. */
  public static UpstreamError of(int status, byte[] body, Map<String, String> headers) {
    JsonNode json = parse(body);
    if (json != null && json.isObject()) return fromJson(status, json, headers);
    if (json != null && json.isTextual()) return plain(status, json.asText(), headers);
    var text = new String(body, java.nio.charset.StandardCharsets.UTF_8).strip();
    if (text.startsWith("<")) return plain(status, WebPage.heading(text), headers);
    boolean readable = !text.isEmpty() && json == null;
    return plain(status, readable ? text : null, headers);
  }

  /** Reads an error object inside a 200 answer or a stream; 502 unless it carries a status. */
  public static UpstreamError within(JsonNode object) {
    return fromJson(statusOf(object), object, Map.of());
  }

  /** Whether a JSON answer is really an error. */
  public static boolean isError(JsonNode answer) {
    return answer.hasNonNull("error") || answer.path("object").asText().equals("error");
  }

  private static UpstreamError fromJson(int status, JsonNode json, Map<String, String> headers) {
    JsonNode error = json.path("error");
    if (error.isTextual()) return plain(status, error.asText(), headers);
    if (!error.isObject()) error = json;
    var message = firstText(error, "message", "detail", "error");
    // FastAPI, under vLLM and llama-cpp-python, sends a list of complaints
    if (message == null) message = firstText(error.at("/detail/0"), "msg");
    return new UpstreamError(
        status,
        shorten(message == null ? sentence(status) : message),
        textOrNull(error.path("type")),
        textOrNull(error.path("code")),
        textOrNull(error.path("param")),
        headers);
  }

  private static UpstreamError plain(int status, String text, Map<String, String> headers) {
    return new UpstreamError(
        status, shorten(text == null ? sentence(status) : text), null, null, null, headers);
  }

  private static int statusOf(JsonNode object) {
    JsonNode error = object.path("error").isObject() ? object.path("error") : object;
    for (var name : new String[] {"code", "status", "status_code"}) {
      int status = error.path(name).asInt(0);
      if (status >= 400 && status <= 599) return status;
    }
    return switch (error.path("type").asText()) {
      case "overloaded_error" -> 529;
      case "api_error", "server_error" -> 500;
      case "timeout_error" -> 504;
      case "billing_error" -> 402;
      case "request_too_large" -> 413;
      case "rate_limit_error", "rate_limit_exceeded" -> 429;
      case "invalid_request_error" -> 400;
      case "authentication_error" -> 401;
      case "permission_error" -> 403;
      case "not_found_error" -> 404;
      default -> 502;
    };
  }

  private static JsonNode parse(byte[] body) {
    try {
      JsonNode node = Json.read(body);
      return node.isMissingNode() ? null : node;
    } catch (IOException e) {
      return null;
    }
  }

  private static String firstText(JsonNode node, String... names) {
    for (var name : names) {
      var value = node.path(name);
      if (value.isTextual() && !value.asText().isBlank()) return value.asText();
    }
    return null;
  }

  private static String textOrNull(JsonNode node) {
    return node.isTextual() && !node.asText().isEmpty() ? node.asText() : null;
  }

  private static String sentence(int status) {
    return "The service answered with status " + status + " and no explanation.";
  }

  private static String shorten(String text) {
    return text.length() <= MAX_MESSAGE_CHARS ? text : text.substring(0, MAX_MESSAGE_CHARS) + "…";
  }
}
