package io.caravan.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.caravan.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/** {@code load} and {@code pull}: a job, its progress, and how it ended. */
final class JobCommand implements Command {

  /** Between two events of a job; afterwards the job is looked up and watched again. */
  private static final int SILENCE_SECONDS = 60;

  private static final int INTERRUPTED = 130;

  private static final Set<String> ENDS = Set.of("succeeded", "failed", "cancelled", "interrupted");

  private final String name;
  private final String type;

  private JobCommand(String name, String type) {
    this.name = name;
    this.type = type;
  }

  static Command load() {
    return new JobCommand("load", "load");
  }

  static Command pull() {
    return new JobCommand("pull", "install");
  }

  @Override
  public int run(Arguments arguments, Api api, Screen screen) throws CliException {
    var model = arguments.only("model");
    var job = api.post("/jobs", request(model, arguments, api));
    var id = job.path("id").asText();
    var progress = new Progress(name + " " + model, screen);
    var leaving = new Thread(() -> leave(api, id, screen));
    Runtime.getRuntime().addShutdownHook(leaving);
    var ended = watch(api, id, job, progress);
    if (!stays(leaving)) return INTERRUPTED;
    progress.end();
    return told(ended, model, screen);
  }

  private JsonNode request(String model, Arguments arguments, Api api) throws CliException {
    var request = Json.object().put("type", type);
    var params = request.putObject("params").put("model_name", model);
    boolean unified = model.indexOf('~') > 0;
    if (arguments.has("--service")) params.put("service_name", arguments.get("--service"));
    else if (!unified && type.equals("install")) {
      throw Arguments.usage(
          "'%s' names no service: write SERVICE~MODEL, or add --service NAME".formatted(model));
    } else if (!unified) params.put("model_name", unified(model, api));
    if (arguments.has("--url-of-file")) params.put("url", arguments.get("--url-of-file"));
    return request;
  }

  /** Whether nobody has pressed Ctrl-C; from now on that cancels nothing. */
  private static boolean stays(Thread leaving) {
    try {
      return Runtime.getRuntime().removeShutdownHook(leaving);
    } catch (IllegalStateException alreadyLeaving) {
      return false;
    }
  }

  /** A model without a service is looked up, since a job has to know where it works. */
  private static String unified(String model, Api api) throws CliException {
    return api.get("/llm/models/" + Api.encoded(model)).path("id").asText(model);
  }

  private static JsonNode watch(Api api, String id, JsonNode first, Progress progress)
      throws CliException {
    var job = first;
    while (!ENDS.contains(job.path("state").asText())) {
      try (var in = api.open("GET", "/jobs/" + id + "/events", null, SILENCE_SECONDS);
          var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
        for (String line; (line = lines.readLine()) != null; ) {
          if (!line.startsWith("data:")) continue;
          job = Json.read(line.substring(5));
          progress.show(job);
        }
      } catch (IOException silentOrCut) {
        job = api.get("/jobs/" + id);
      }
      if (!ENDS.contains(job.path("state").asText())) job = api.get("/jobs/" + id);
    }
    return job;
  }

  /** Ctrl-C: who waits no longer wants it no longer. */
  private static void leave(Api api, String id, Screen screen) {
    try {
      api.delete("/jobs/" + id);
      screen.err().println("\ncaravan: cancelled");
    } catch (CliException e) {
      screen.err().println("\ncaravan: the job " + id + " may go on: " + e.getMessage());
    }
  }

  private int told(JsonNode job, String model, Screen screen) {
    boolean done = job.path("state").asText().equals("succeeded");
    if (screen.json()) screen.json(job);
    else if (done)
      screen.line(name.equals("pull") ? model + " is installed" : model + " is loaded");
    if (done) return 0;
    var why = job.path("error").path("message").asText("");
    var what = "caravan: " + name + " " + model + ": " + job.path("state").asText();
    screen.err().println(Screen.safe(why.isEmpty() ? what : what + ": " + why));
    return CliException.REFUSED;
  }

  @Override
  public Set<String> options() {
    return Set.of("--service", "--url-of-file");
  }

  @Override
  public String usage() {
    return name.equals("load")
        ? """
        Usage: caravan load [options] MODEL
        Loads a model into memory, as "caravan models" lists it, and waits until it is there.
          --service NAME     the service that has it
        """
        : """
        Usage: caravan pull [options] SERVICE~MODEL
        Installs a model and shows its progress: ollama~llama3.2:3b, local~owner/repository:file.gguf.
          --service NAME     the service that is to have it, where MODEL does not say it
          --url-of-file URL  where the file is, for a service that takes one
        Ctrl-C cancels it.
        """;
  }
}
