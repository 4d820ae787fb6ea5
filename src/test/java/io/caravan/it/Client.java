package io.caravan.it;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Plain HTTP calls to the gateway. */
final class Client {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String base;

  Client(String base) {
    this.base = base;
  }

  /** A whole answer. */
  record Reply(int status, HttpHeaders headers, String body) {

    JsonNode tree() {
      try {
        return Json.read(body);
      } catch (IOException e) {
        throw new AssertionError("no JSON: " + body, e);
      }
    }

    JsonNode error() {
      return tree().path("error");
    }

    String header(String name) {
      return headers.firstValue(name).orElse(null);
    }
  }

  Reply get(String path) {
    return call("GET", path, BodyPublishers.noBody());
  }

  /** Posts JSON. */
  Reply post(String path, String json, String... headers) {
    var all = new String[headers.length + 2];
    all[0] = "Content-Type";
    all[1] = "application/json";
    System.arraycopy(headers, 0, all, 2, headers.length);
    return call("POST", path, BodyPublishers.ofString(json), all);
  }

  /** Posts a chat request with one message; {@code fields} are more of its fields, or empty. */
  Reply chat(String model, String fields, String... headers) {
    return post("/v1/chat/completions", Requests.chat(model, fields), headers);
  }

  Reply call(String method, String path, BodyPublisher body, String... headers) {
    var request = HttpRequest.newBuilder(URI.create(base + path)).timeout(LIMIT);
    if (headers.length > 0) request.headers(headers);
    try {
      var response = http.send(request.method(method, body).build(), BodyHandlers.ofString());
      return new Reply(response.statusCode(), response.headers(), response.body());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
