package io.caravan.web;

import io.caravan.errors.GatewayException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Message;

/**
 * The web page: files that are read from the jar once, and served from memory. A path is looked up
 * as a name, so that it cannot lead anywhere else.
 */
public final class PageFiles {

  /** Everything of folder {@code web}; a test compares. */
  static final List<String> NAMES =
      List.of(
          "index.html",
          "style.css",
          "theme.js",
          "icon.svg",
          "app.js",
          "api.js",
          "dom.js",
          "live.js",
          "charts.js",
          "form.js",
          "text.js",
          "overview.js",
          "models.js",
          "playground.js",
          "settings.js",
          "services.js",
          "keys.js",
          "jobs.js");

  private static final String PATH = "/web/";
  private static final String PAGE = "index.html";
  private static final String NO_KEYS = "name=\"caravan-keys\" content=\"optional\"";
  private static final String KEYS = "name=\"caravan-keys\" content=\"required\"";

  /** Nothing but the page's own files, and no text that becomes markup by accident. */
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
          + " require-trusted-types-for 'script'; trusted-types 'none'";

  private final CompletableFuture<Map<String, PageFile>> files;

  /**
   * @param worker reads the files, which an event loop must not
   * @param keysNeeded the page is told of it, so that it asks for nothing that would be refused
   */
  public PageFiles(Executor worker, boolean keysNeeded) {
    files = CompletableFuture.supplyAsync(() -> read(keysNeeded), worker);
  }

  /**
   * Answers {@code GET /}: with the page if a browser asks.
   *
   * @throws GatewayException.NotFound for everyone else, as for any unknown URL
   */
  public CompletionStage<Void> page(Exchange exchange) {
    var request = exchange.getMessage();
    var accept = request.getHeader("Accept", "", String.class);
    if (!isRead(request) || !accept.contains("text/html")) throw unknown(request);
    return files.thenAccept(
        all -> {
          answer(exchange, all.get(PAGE));
          request.setHeader("Vary", "Accept");
        });
  }

  /**
   * Answers {@code GET /web/{file}}.
   *
   * @throws GatewayException.NotFound if the page has no such file
   */
  public CompletionStage<Void> file(Exchange exchange) {
    var request = exchange.getMessage();
    var path = request.getHeader(Exchange.HTTP_PATH, String.class);
    var name = path.startsWith(PATH) ? path.substring(PATH.length()) : "";
    if (!NAMES.contains(name)) throw unknown(request);
    return files.thenAccept(all -> answer(exchange, all.get(name)));
  }

  private static void answer(Exchange exchange, PageFile file) {
    var message = exchange.getMessage();
    boolean known = file.isAmong(message.getHeader("If-None-Match", String.class));
    message.setHeader("ETag", file.etag());
    message.setHeader("Cache-Control", "no-cache"); // to be asked for each time; the tag answers
    message.setHeader("Content-Security-Policy", POLICY);
    message.setHeader("X-Content-Type-Options", "nosniff");
    message.setHeader("X-Frame-Options", "DENY");
    message.setHeader("Referrer-Policy", "no-referrer");
    message.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    message.setHeader("Cross-Origin-Resource-Policy", "same-origin");
    message.setHeader("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
    if (known) message.setHeader(Exchange.HTTP_RESPONSE_CODE, 304);
    else message.setHeader(Exchange.CONTENT_TYPE, file.type());
    message.setBody(known ? new byte[0] : file.bytes());
  }

  private static boolean isRead(Message request) {
    return List.of("GET", "HEAD").contains(request.getHeader(Exchange.HTTP_METHOD, String.class));
  }

  private static GatewayException unknown(Message request) {
    var method = request.getHeader(Exchange.HTTP_METHOD, String.class);
    var path = request.getHeader(Exchange.HTTP_PATH, String.class);
    return new GatewayException.NotFound(
        "Unknown request URL: %s %s. Try GET /v1/models.".formatted(method, path), "unknown_url");
  }

  private static Map<String, PageFile> read(boolean keysNeeded) {
    return NAMES.stream()
        .collect(Collectors.toUnmodifiableMap(name -> name, name -> read(name, keysNeeded)));
  }

  private static PageFile read(String name, boolean keysNeeded) {
    try (var in = PageFiles.class.getResourceAsStream(PATH + name)) {
      var bytes = in.readAllBytes();
      if (!name.equals(PAGE) || !keysNeeded) return PageFile.of(name, bytes);
      var page = new String(bytes, StandardCharsets.UTF_8).replace(NO_KEYS, KEYS);
      return PageFile.of(name, page.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
