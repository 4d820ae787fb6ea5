package io.caravan.it;

import static io.caravan.it.Requests.wire;

import java.nio.file.Files;
import java.nio.file.Path;

/** Services that give the answers recorded of the real ones. */
final class RecordedService {

  private RecordedService() {}

  /** A fake that answers every call that the provider's Kamelet makes. */
  static FakeService of(String provider) {
    var fake = FakeService.start();
    var folder = provider.equals("llama-server") ? "llamacpp" : provider;
    var models = Path.of("src/test/resources/wire", folder, "models.json");
    if (Files.exists(models)) {
      fake.on("GET /v1/models", call -> call.json(200, wire(folder + "/models.json")));
    }
    fake.on("GET /api/tags", call -> call.json(200, wire("ollama/tags.json")));
    fake.onChat(
        call -> {
          if (!call.tree().path("stream").asBoolean()) call.json(200, wholeChat(provider));
          else call.stream().send(wire("openai/chat.stream.sse")).end();
        });
    fake.on(
        "POST /v1/messages",
        call -> {
          if (!call.tree().path("stream").asBoolean()) {
            call.json(200, wire("anthropic/messages.response.json"));
          } else call.stream().send(wire("anthropic/messages.stream.sse")).end();
        });
    fake.on(
        "POST /api/chat",
        call -> {
          if (!call.tree().path("stream").asBoolean(true)) {
            call.json(200, wire("ollama/chat.response.json"));
          } else call.stream("application/x-ndjson").send(wire("ollama/chat.stream.ndjson")).end();
        });
    fake.on(
        "POST /v1/embeddings",
        call -> call.json(200, wire("openai/embeddings.float.response.json")));
    fake.on("POST /api/embed", call -> call.json(200, wire("ollama/embed.response.json")));
    return fake;
  }

  private static String wholeChat(String provider) {
    return wire((provider.equals("gpt4all") ? "gpt4all" : "openai") + "/chat.response.json");
  }
}
