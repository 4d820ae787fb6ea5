package io.caravan.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import java.util.ArrayList;
import java.util.List;

/** How long Claude may answer, how long think, how freely sample: these depend on each other. */
final class AnthropicLimits {

  /** Anthropic demands a limit, OpenAI does not. */
  private static final int DEFAULT_MAX_TOKENS = 4096;

  private static final int LEAST_THINKING = 1024;

  private static final String EFFORT = "reasoning_effort";
  private static final String NO_EFFORT = "none";

  private AnthropicLimits() {}

  /** Names the parameters of a chat that had to give way in the request that is sent. */
  static List<String> dropped(ObjectNode chat, ObjectNode sent) {
    var names = new ArrayList<String>();
    for (var name : List.of("temperature", "top_p", "top_k")) {
      if (chat.hasNonNull(name) && !sent.has(name)) names.add(name);
    }
    boolean wanted = !chat.path(EFFORT).asText(NO_EFFORT).equals(NO_EFFORT);
    if (wanted && !sent.has("thinking")) names.add(EFFORT);
    return names;
  }

  /** Sets {@code max_tokens}, {@code thinking} and the sampling parameters. */
  static void put(ObjectNode chat, ObjectNode out) {
    int effort = thinking(chat.path(EFFORT).asText(NO_EFFORT));
    int wanted = thinkingAllowed(chat) ? effort : 0;
    long given = givenMaxTokens(chat);
    long max = given > 0 ? given : DEFAULT_MAX_TOKENS + wanted;
    // thinking counts as output, so it has to leave room for the answer
    long budget = wanted < max ? wanted : Math.max(LEAST_THINKING, max / 2);
    boolean thinks = budget >= LEAST_THINKING && budget < max;
    out.put("max_tokens", max);
    if (thinks) out.putObject("thinking").put("type", "enabled").put("budget_tokens", budget);
    sampling(chat, out, thinks);
  }

  /**
   * Beside thinking Anthropic takes neither temperature nor top_k, and top_p only from 0.95.
   *
   * @see <a href="https://platform.claude.com/docs/en/build-with-claude/extended-thinking">docs</a>
   */
  private static void sampling(ObjectNode chat, ObjectNode out, boolean thinks) {
    if (!thinks || chat.path("top_p").asDouble() >= 0.95) Json.copy(chat, "top_p", out, "top_p");
    if (thinks) return;
    Json.copy(chat, "temperature", out, "temperature");
    if (chat.path("temperature").asDouble() > 1) out.put("temperature", 1);
    Json.copy(chat, "top_k", out, "top_k");
  }

  private static int thinking(String effort) {
    return switch (effort) {
      case NO_EFFORT, "minimal" -> 0;
      case "low" -> LEAST_THINKING;
      case "medium" -> 4096;
      case "high", "xhigh", "max" -> 16384;
      default ->
          throw new InvalidRequest(
              "`reasoning_effort` must be `none`, `minimal`, `low`, `medium`, `high`, `xhigh` or `max`.",
              EFFORT,
              null);
    };
  }

  /**
   * Anthropic refuses to think when a tool must be called, and in the middle of a tool's use unless
   * it gets its earlier thinking back, signed; OpenAI's form has no place for the signature.
   */
  private static boolean thinkingAllowed(ObjectNode chat) {
    JsonNode choice = chat.path("tool_choice");
    if (choice.isObject() || choice.asText().equals("required")) return false;
    boolean usingTools = false;
    for (var message : chat.path("messages")) {
      if (message.path("role").asText().equals("assistant")) {
        usingTools = !message.path("tool_calls").isEmpty();
      }
    }
    return !usingTools;
  }

  private static long givenMaxTokens(ObjectNode chat) {
    var name = chat.hasNonNull("max_completion_tokens") ? "max_completion_tokens" : "max_tokens";
    if (!chat.hasNonNull(name)) return 0;
    long given = chat.path(name).canConvertToLong() ? chat.path(name).asLong() : 0;
    if (given > 0) return given;
    var range = "` must be an integer from 1 to " + Long.MAX_VALUE + ".";
    throw new InvalidRequest("`" + name + range, name, null);
  }
}
