package io.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.MalformedURLException;
import java.net.SocketTimeoutException;
import java.net.URL;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * The gateway's HTTP API. Java's old client wakes in a tenth of the time of the new one, and a
 * command of a second's work is what people wait for.
 */
final class Api {

  private static final int CONNECT_MILLIS = 3000;

  static {
    // a command is sent once, also where the connection breaks; said otherwise Java posts it again
    System.setProperty("sun.net.http.retryPost", "false");
  }

  private final String base;
  private final String key;

  /**
   * @param key null for none
   */
  Api(String base, String key) throws CliException {
    this.base = base.replaceFirst("/+$", "").replaceFirst("/v1$", "");
    this.key = key;
    if (!base.matches("(?i)https?://[^\\s/].*")) {
      throw Arguments.usage("'" + base + "' is no http or https URL");
    }
  }

  String base() {
    return base;
  }

  JsonNode get(String path) throws CliException {
    return call("GET", path, null, 30);
  }

  JsonNode post(String path, JsonNode body) throws CliException {
    return call("POST", path, body, 60);
  }

  JsonNode delete(String path) throws CliException {
    return call("DELETE", path, null, 30);
  }

  /** A segment of a path or a value of a query. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /**
   * Calls it and reads the whole answer.
   *
   * @param seconds how long each read may take
   * @throws CliException with the gateway's words if it says no
   */
  JsonNode call(String method, String path, JsonNode body, int seconds) throws CliException {
    try (var in = open(method, path, body, seconds)) {
      var bytes = in.readAllBytes();
      return bytes.length == 0 ? Json.object() : Json.read(bytes);
    } catch (SocketTimeoutException e) {
      throw new CliException(CliException.REFUSED, base + " did not answer in time");
    } catch (IOException e) {
      throw new CliException(CliException.REFUSED, "what answers at " + base + " is not Caravan");
    }
  }

  /** Calls it and returns the answer as it comes; the caller closes it. */
  InputStream open(String method, String path, JsonNode body, int seconds) throws CliException {
    try {
      var connection = (HttpURLConnection) new URL(base + path).openConnection();
      connection.setRequestMethod(method);
      connection.setConnectTimeout(CONNECT_MILLIS);
      connection.setReadTimeout(seconds * 1000);
      connection.setInstanceFollowRedirects(false);
      if (key != null) connection.setRequestProperty("Authorization", "Bearer " + key);
      if (body != null) send(connection, Json.bytes(body));
      if (connection.getResponseCode() / 100 != 2) throw refused(connection);
      return connection.getInputStream();
    } catch (MalformedURLException | IllegalArgumentException e) {
      throw Arguments.usage("'" + base + "' is no URL, or the key holds what no key may hold");
    } catch (SocketTimeoutException e) {
      throw new CliException(CliException.UNREACHABLE, base + " did not answer in time");
    } catch (IOException e) {
      throw new CliException(
          CliException.UNREACHABLE,
          "no gateway answers at " + base + "; ./caravan start starts it, --url names another one");
    }
  }

  private static void send(HttpURLConnection connection, byte[] body) throws IOException {
    connection.setDoOutput(true);
    connection.setRequestProperty("Content-Type", "application/json");
    try (var out = connection.getOutputStream()) {
      out.write(body);
    }
  }

  private CliException refused(HttpURLConnection connection) throws IOException {
    int status = connection.getResponseCode();
    var body = body(connection);
    var said = body == null ? "" : body.path("error").path("message").asText("");
    if (said.isEmpty()) said = "%s answered with status %d".formatted(base, status);
    if (status == 401) {
      var known = key == null ? "the gateway asks for a key" : "the gateway refuses the key";
      said = known + " (" + said + "); set CARAVAN_API_KEY";
    }
    return new Refused(status, said, body);
  }

  private static JsonNode body(HttpURLConnection connection) {
    try (var in = connection.getErrorStream()) {
      var body = in == null ? null : Json.read(in.readAllBytes());
      return body != null && body.isObject() ? body : null;
    } catch (IOException noJson) {
      return null;
    }
  }
}
