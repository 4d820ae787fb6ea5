package io.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** {@code chat "…"}: one question, its answer as it comes. */
final class ChatCommand implements Command {

  private static final String PATH = "/v1/chat/completions";
  private static final int SECONDS = 600;

  @Override
  public int run(Arguments arguments, Api api, Screen screen) throws CliException {
    var request = request(arguments, screen);
    try (var in = ask(request, api, screen)) {
      if (screen.json()) screen.json(Json.read(in.readAllBytes()));
      else print(in, screen);
      return 0;
    } catch (IOException e) {
      throw new CliException(CliException.REFUSED, "the answer broke off");
    }
  }

  private static ObjectNode request(Arguments arguments, Screen screen) throws CliException {
    var request = Json.object();
    if (arguments.has("--model")) request.put("model", arguments.get("--model"));
    request.put("stream", !screen.json());
    var messages = request.putArray("messages");
    if (arguments.has("--system")) {
      messages.addObject().put("role", "system").put("content", arguments.get("--system"));
    }
    messages.addObject().put("role", "user").put("content", question(arguments, screen.in()));
    var warmth = arguments.number("--temperature");
    if (warmth != null) request.put("temperature", warmth);
    var most = arguments.number("--max-tokens");
    if (most != null) request.put("max_tokens", most.intValue());
    return request;
  }

  private static String question(Arguments arguments, InputStream in) throws CliException {
    var words = String.join(" ", arguments.words());
    if (!words.isBlank() && !words.equals("-")) return words;
    try {
      var read = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      if (!read.isBlank()) return read;
    } catch (IOException e) {
      // said below
    }
    throw Arguments.usage("the question is missing");
  }

  /** Where neither the command nor the gateway names a model, the first that chats is taken. */
  private static InputStream ask(ObjectNode request, Api api, Screen screen) throws CliException {
    try {
      return api.open("POST", PATH, request, SECONDS);
    } catch (Refused e) {
      boolean nameless = e.status() == 400 && !request.has("model");
      var model = nameless ? someModel(api) : null;
      if (model == null) throw e;
      screen.err().println("Answered by " + Screen.safe(model) + "; --model names another one.");
      return api.open("POST", PATH, request.put("model", model), SECONDS);
    }
  }

  private static String someModel(Api api) throws CliException {
    String first = null;
    for (var model : ModelsCommand.list("/llm/models?type=llm&limit=1000", api).path("data")) {
      if (model.path("loaded").asBoolean()) return model.path("id").asText();
      if (first == null) first = model.path("id").asText();
    }
    return first;
  }

  private static void print(InputStream in, Screen screen) throws IOException, CliException {
    var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    for (String line; (line = lines.readLine()) != null; ) {
      if (!line.startsWith("data:")) continue;
      var data = line.substring(5).strip();
      if (data.equals("[DONE]")) {
        screen.out().println();
        return;
      }
      screen.out().print(Screen.safe(text(Json.read(data), screen)));
      screen.out().flush();
    }
    screen.out().println();
    throw new CliException(CliException.REFUSED, "the answer broke off");
  }

  private static String text(JsonNode chunk, Screen screen) throws CliException {
    if (chunk.hasNonNull("error")) {
      screen.out().println();
      throw new CliException(CliException.REFUSED, chunk.path("error").path("message").asText());
    }
    var content = chunk.path("choices").path(0).path("delta").path("content");
    return content.isTextual() ? content.asText() : "";
  }

  @Override
  public Set<String> options() {
    return Set.of("--model", "--system", "--temperature", "--max-tokens");
  }

  @Override
  public String usage() {
    return """
        Usage: caravan chat [options] "QUESTION"
        Asks a model and prints its answer as it comes. Without a question it is read from standard input.
          -m, --model MODEL  as "caravan models" lists it (default: the gateway's, else the first that chats)
          --system TEXT      instructions for the model
          --temperature N
          --max-tokens N
        """;
  }
}
