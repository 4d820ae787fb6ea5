package io.caravan.local.worker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.errors.UpstreamError;
import io.caravan.json.Json;
import io.caravan.local.Gguf;
import java.util.regex.Pattern;

/**
 * Where llama-server (v0.5.0) differs from our own workers: what it is sent, so that it does the
 * same, and its refusals, so that they are told in the same words.
 *
 * @see <a href="https://github.com/ggml-org/llama.cpp/tree/master/tools/server">llama-server</a>
 */
public final class ServerDialect {

  private static final Pattern CONTEXT =
      Pattern.compile("\\((\\d+) tokens\\) exceeds the available context size \\((\\d+) tokens\\)");
  private static final Pattern BATCH =
      Pattern.compile("\\((\\d+) tokens\\) is too large to process.*batch size: (\\d+)");

  /** Complaints about a request that come with status 500. */
  private static final Pattern COMPLAINT =
      Pattern.compile("got exception|[Jj]inja|template|[Gg]rammar|[Ss]chema");

  private ServerDialect() {}

  /**
   * The request as llama-server is to have it.
   *
   * @param operation as in the exchange variable of that name
   * @throws InvalidRequest naming a field that our own workers would refuse too
   */
  public static ObjectNode request(String operation, ObjectNode request, Gguf gguf) {
    RequestCheck.of(operation, request, gguf);
    var out = Json.shallowCopy(request);
    if (operation.equals("embeddings")) tokens(out, gguf);
    if (!operation.equals("chat")) return out;
    out.set("messages", ServerMessages.of(request.get("messages")));
    tools(out, ToolChoice.of(request, CallFormat.ANY));
    var forced = ForcedCalls.of(operation, request, gguf);
    if (forced != null) return forced.addTo(out);
    if (!out.has("tools") && !thinks(gguf)) format(out);
    return out;
  }

  /** Of a list of tokens it embeds these alone, of a text those that belong around it too. */
  private static void tokens(ObjectNode out, Gguf gguf) {
    var tokens = new EmbeddingInput(out, gguf).wrapped();
    if (tokens != null) out.set("input", tokens);
  }

  /**
   * The text of a chat's answer that the limit cut, without what there is of a call that the model
   * may make. One that it has to make is for {@link ForcedCalls}.
   */
  public static String beforeCall(String text, ObjectNode request, Gguf gguf) {
    var choice = ToolChoice.of(request, CallFormat.of(gguf.chatTemplate()));
    if (!choice.wanted() || choice.forced()) return text;
    var marks = new Marks(choice.format().marks(), text);
    int end = 0;
    while (end < text.length() && marks.at(end) == null && !marks.mayBegin(end)) end++;
    return text.substring(0, end);
  }

  /** A refusal in the words of our own workers; the failure itself if it is none. */
  public static GatewayException refusal(GatewayException.UpstreamFailed failure, String param) {
    var error = failure.error();
    var context = CONTEXT.matcher(error.message());
    if (context.find()) return beyond(context.group(2), param, context.group(1));
    var batch = BATCH.matcher(error.message());
    if (batch.find()) {
      return tooLong(
          "maximum input is %s tokens. However, the %s has %s",
          batch.group(2), param, batch.group(1));
    }
    return isComplaint(error) ? new InvalidRequest(error.message(), null, null) : failure;
  }

  private static boolean isComplaint(UpstreamError error) {
    return error.status() == 500 && COMPLAINT.matcher(error.message()).find();
  }

  /**
   * What is said of a prompt that does not fit.
   *
   * @param context tokens that the model has room for
   * @param tokens that the prompt has
   */
  public static InvalidRequest beyond(Object context, String param, Object tokens) {
    return tooLong(
        "maximum context length is %s tokens. However, your %s resulted in %s",
        context, param, tokens);
  }

  private static InvalidRequest tooLong(String text, Object most, String param, Object tokens) {
    var message = "This model's " + text + " tokens.";
    return new InvalidRequest(
        message.formatted(most, param, tokens), param, "context_length_exceeded");
  }

  /** It knows no choice by name, shows tools that may not be used, and dies on odd schemas. */
  private static void tools(ObjectNode out, ToolChoice choice) {
    if (!out.has("tools")) return;
    if (!choice.wanted()) {
      out.remove("tools");
      out.remove("tool_choice");
      return;
    }
    var tools = out.putArray("tools");
    for (var function : choice.allowed()) {
      var copy = Json.shallowCopy((ObjectNode) function);
      copy.set("parameters", ToolChoice.parameters(function.path("parameters")));
      tools.addObject().put("type", "function").set("function", copy);
    }
    out.put("tool_choice", choice.forced() ? "required" : "auto");
  }

  /** Its own converter leaves bounds out; ours says what it cannot enforce. */
  private static void format(ObjectNode out) {
    if (!out.hasNonNull("response_format")) return;
    var enforced = Json.object();
    ResponseFormat.addTo(enforced, out.get("response_format"));
    out.remove("response_format");
    out.setAll(enforced);
  }

  /** A grammar would hold the thoughts to the schema as well; llama-server keeps them apart. */
  private static boolean thinks(Gguf gguf) {
    return gguf.chatTemplate().contains("think");
  }
}
