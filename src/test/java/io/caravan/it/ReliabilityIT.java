package io.caravan.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Executes the tables of docs/reliability.md. */
class ReliabilityIT {

  private static final Duration LIMIT = Duration.ofSeconds(75);
  private static final Pattern ROW =
      Pattern.compile("\\| `([a-z0-9-]+)` \\| [^|]+ \\| ([a-z-]+) \\| ([^|]+) \\| ([^|]+) \\|");

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private record Row(String fault, String fallback, String with, String without) {}

  @Test
  @Timeout(150)
  void theTablesAreTrue() throws Exception {
    var rows = rows();
    assertThat(rows).hasSizeGreaterThan(25).hasSameSizeAs(linesOfTables());
    var faults = new Faults();
    try (var main = FakeService.start();
        var spare = FakeService.start();
        var other = FakeService.start();
        var goingOn = FakeService.start();
        var refusing = FakeService.start();
        var failing = FakeService.start();
        var echoing = FakeService.start()) {
      main.models(rows.stream().map(Row::fault).toArray(String[]::new)).onChat(faults::main);
      spare.onChat(call -> Faults.answer(call, "spare"));
      other.onChat(Faults::sayOther);
      goingOn.onChat(Faults::goOn);
      refusing.onChat(Faults::refuse);
      failing.onChat(Faults::fail);
      echoing.onChat(call -> Faults.answer(call, "echoing"));
      var lines = new ArrayList<String>();
      service(lines, "main", "openai-compatible", main.url());
      service(lines, "spare", "openai-compatible", spare.url());
      service(lines, "other", "openai-compatible", other.url());
      service(lines, "going-on", "llama-server", goingOn.url());
      service(lines, "refusing", "llama-server", refusing.url());
      service(lines, "failing", "llama-server", failing.url());
      service(lines, "echoing", "llama-server", echoing.url());
      service(lines, "refused", "openai-compatible", "http://127.0.0.1:" + Launch.freePort());
      service(lines, "dns", "openai-compatible", "http://no-such-host.invalid");
      service(lines, "tls", "openai-compatible", main.url().replace("http:", "https:"));
      try (var gateway = Launch.with(lines.toArray(String[]::new)).start()) {
        var expected = new LinkedHashMap<String, String>();
        var found = new LinkedHashMap<String, CompletableFuture<String>>();
        for (var row : rows) if (SLOW.contains(row.fault)) ask(gateway, row, expected, found);
        // the others one by one: a cold gateway on a small machine is slow by itself
        for (var row : rows) {
          if (!SLOW.contains(row.fault)) ask(gateway, row, expected, found);
        }
        var outcomes = new LinkedHashMap<String, String>();
        found.forEach((run, outcome) -> outcomes.put(run, outcome.join()));
        assertThat(outcomes).containsExactlyInAnyOrderEntriesOf(expected);
        gateway.assertIdle();
        assertThat(gateway.console()).doesNotContain("\tat ", "Exception");
      }
    }
  }

  private static void service(List<String> lines, String name, String provider, String url) {
    lines.add("caravan.service." + name + ".provider=" + provider);
    lines.add("caravan.service." + name + ".urls=" + url);
    lines.add("caravan.service." + name + ".enabled=true");
  }

  private static void ask(
      PackagedGateway gateway,
      Row row,
      Map<String, String> expected,
      Map<String, CompletableFuture<String>> found) {
    for (boolean streamed : STREAMS.contains(row.fault) ? new boolean[] {true} : BOTH) {
      var run = row.fault + (streamed ? " streamed" : "");
      expected.put(run, row.with);
      found.put(run, outcome(gateway, row, streamed, true));
      if (!SLOW.contains(row.fault)) found.get(run).join();
      if (row.without.equals("–")) continue;
      expected.put(run + " alone", row.without);
      found.put(run + " alone", outcome(gateway, row, streamed, false));
      if (!SLOW.contains(row.fault)) found.get(run + " alone").join();
    }
  }

  private static final List<String> SLOW =
      List.of(
          "silent",
          "half",
          "slow",
          "head-only",
          "stalled",
          "dripping",
          "blank",
          "comments",
          "trickling",
          "newlines");
  private static final boolean[] BOTH = {false, true};
  private static final List<String> STREAMS =
      Stream.of(
              "slow",
              "head-only",
              "empty",
              "cut",
              "cut-going-on",
              "cut-refusing",
              "cut-failing",
              "cut-echoing",
              "cut-other",
              "failed",
              "finish-error",
              "stalled",
              "dripping",
              "blank",
              "comments",
              "malformed",
              "no-done",
              "done-early",
              "no-finish")
          .toList();

  private static CompletableFuture<String> outcome(
      PackagedGateway gateway, Row row, boolean streamed, boolean fallback) {
    boolean own = List.of("refused", "dns", "tls").contains(row.fault);
    var model = own ? row.fault + "~m" : "main~" + row.fault;
    var stands = row.fault.equals("cut-other") ? "other" : row.fallback;
    var fields = "'stream':" + streamed + (fallback ? ",'fallbacks':['" + stands + "~m']" : "");
    var request =
        HttpRequest.newBuilder(URI.create(gateway.url() + "/v1/chat/completions"))
            .timeout(LIMIT)
            .header("Content-Type", "application/json")
            .header("x-request-id", row.fault + streamed + fallback)
            .POST(BodyPublishers.ofString(Requests.chat(model, fields)))
            .build();
    return HTTP.sendAsync(request, BodyHandlers.ofString())
        .thenApply(response -> outcome(response, row))
        .exceptionally(hung -> "no answer: " + hung);
  }

  private static String outcome(HttpResponse<String> response, Row row) {
    if (response.statusCode() != 200) return "error " + response.statusCode();
    var type = response.headers().firstValue("content-type").orElse("");
    boolean streamed = type.startsWith("text/event-stream");
    var text = new StringBuilder();
    var body = response.body();
    boolean failed = false;
    for (var line : streamed ? body.lines().toList() : List.of("data: " + body)) {
      if (!line.startsWith("data: {")) continue;
      var tree = read(line.substring(6));
      failed |= tree.has("error");
      var choice = tree.at("/choices/0");
      text.append(choice.at(streamed ? "/delta/content" : "/message/content").asText(""));
    }
    boolean done = !streamed || body.contains("data: [DONE]");
    if (failed) return done ? "an error that looks like success" : "error event";
    if (!done || !text.toString().equals(Faults.TEXT)) return "truncated: " + body;
    return "full answer" + by(response, row);
  }

  private static String by(HttpResponse<String> response, Row row) {
    boolean main = response.body().contains("\"main\"");
    boolean another = response.body().contains("\"" + row.fallback + "\"");
    if (main && another) return ", joined";
    var service = response.headers().firstValue("x-caravan-service").orElse("nobody");
    var told = read(response.body().replaceFirst("(?s)^data: ([^\n]+).*", "$1")).path("model");
    assertThat(told.asText()).startsWith(service + "~");
    return " of " + service;
  }

  private static JsonNode read(String text) {
    try {
      return Json.read(text);
    } catch (IOException e) {
      throw new AssertionError("no JSON: " + text, e);
    }
  }

  /** So that no row is left out because it is written in another way. */
  private static List<String> linesOfTables() throws IOException {
    return Files.readAllLines(Path.of("docs/reliability.md")).stream()
        .takeWhile(line -> !line.equals("## The rules"))
        .filter(line -> line.startsWith("| `"))
        .toList();
  }

  private static List<Row> rows() throws IOException {
    return ROW.matcher(Files.readString(Path.of("docs/reliability.md")))
        .results()
        .map(m -> new Row(m.group(1), m.group(2), m.group(3).strip(), m.group(4).strip()))
        .toList();
  }
}
