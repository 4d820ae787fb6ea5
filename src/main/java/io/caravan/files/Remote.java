package io.caravan.files;

import io.caravan.access.UrlGuard;
import io.caravan.errors.GatewayException;
import io.caravan.errors.UpstreamError;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;

/**
 * The rest of a file at a server.
 *
 * @param from how many bytes come before it; 0 if the server sends all of it anew
 * @param total the size of the whole file, -1 if the server does not say
 * @param tag what names this version of the file, null if nothing does
 * @param sha256 what the hub says of it, null if it does not
 */
record Remote(InputStream bytes, long from, long total, String tag, String sha256) {

  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration HEAD = Duration.ofSeconds(60);
  private static final int MOST_REDIRECTS = 6;
  private static final UrlGuard GUARD = new UrlGuard();
  private static final HttpClient CLIENT =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(CONNECT)
          .followRedirects(HttpClient.Redirect.NEVER) // it would take the token along
          .build();

  /**
   * Opens a file behind its first bytes.
   *
   * @param tag of the version that those bytes are of, null if there are none
   * @throws GatewayException if the server refuses or cannot be reached
   */
  static Remote open(URI source, Hub hub, long from, String tag) {
    var at = source;
    String linked = null;
    for (int hop = 0; hop < MOST_REDIRECTS; hop++) {
      GUARD.check(at, true); // also where a server leads to
      var response = ask(at, hub, from, tag);
      linked = linked == null ? header(response, "X-Linked-Etag") : linked;
      int status = response.statusCode();
      boolean moved = status >= 301 && status <= 308 && status != 304;
      var location = header(response, "Location");
      if (!moved || location == null) return of(response, from, linked);
      close(response);
      at = at.resolve(location);
    }
    throw new GatewayException.Conflict(
        "The server of the file leads from one address to the next without an end.",
        "too_many_redirects");
  }

  private static HttpResponse<InputStream> ask(URI at, Hub hub, long from, String tag) {
    var request = HttpRequest.newBuilder(at).timeout(HEAD).header("User-Agent", "Caravan");
    if (from > 0) request.header("Range", "bytes=" + from + "-");
    if (from > 0 && tag != null) request.header("If-Range", tag);
    var token = hub.tokenFor(at);
    if (token != null) request.header("Authorization", "Bearer " + token);
    try {
      return CLIENT.send(request.build(), BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw new GatewayException.Unreachable("The server of the file could not be reached.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GatewayException.Cancelled();
    }
  }

  private static Remote of(HttpResponse<InputStream> response, long from, String linked) {
    int status = response.statusCode();
    if (status != 200 && status != 206) {
      close(response);
      throw refused(status);
    }
    boolean rest = status == 206 && startsAt(response, from);
    long length = response.headers().firstValueAsLong("Content-Length").orElse(-1);
    long begin = rest ? from : 0;
    return new Remote(
        response.body(), begin, length < 0 ? -1 : begin + length, tag(response), sha256(linked));
  }

  private static boolean startsAt(HttpResponse<?> response, long from) {
    var range = header(response, "Content-Range");
    if (range != null && range.startsWith("bytes " + from + "-")) return true;
    throw new GatewayException.BadAnswer("another part of the file than was asked for");
  }

  private static GatewayException refused(int status) {
    var said = "The server of the file answered with status " + status + ".";
    if (status == 404) said = "There is no such file: the server answered with status 404.";
    boolean key = status == 401 || status == 403;
    if (key) said = "The server wants a key for the file, or another one; see HF_TOKEN.";
    return new GatewayException.UpstreamFailed(
        new UpstreamError(status == 401 ? 403 : status, said, null, null, null, Map.of()));
  }

  /** A weak tag does not say that the bytes are the same (RFC 9110, 13.1.5). */
  private static String tag(HttpResponse<?> response) {
    var tag = header(response, "ETag");
    return tag == null || tag.startsWith("W/") ? header(response, "Last-Modified") : tag;
  }

  private static String sha256(String tag) {
    var bare = tag == null ? "" : tag.replace("\"", "");
    return bare.matches("[0-9a-f]{64}") ? bare : null;
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse(null);
  }

  private static void close(HttpResponse<InputStream> response) {
    try {
      response.body().close();
    } catch (IOException e) {
      // nobody wants it any more
    }
  }
}
