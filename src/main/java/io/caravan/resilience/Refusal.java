package io.caravan.resilience;

import io.caravan.errors.UpstreamError;
import java.util.Locale;
import java.util.regex.Pattern;

/** Two refusals that services word in their own ways, and that no repetition will change. */
final class Refusal {

  /** OpenAI, vLLM and llama-cpp-python; Anthropic; llama.cpp's server, which has its own type. */
  private static final Pattern LENGTH =
      Pattern.compile(
          "maximum context length|context_length_exceeded|exceed_context_size"
              + "|prompt is too long|exceeds? the (available )?context|context window");

  private static final Pattern CONTENT =
      Pattern.compile("content_filter|content_policy_violation|responsibleaipolicyviolation");

  private Refusal() {}

  /** Whether the request is too long for the model. */
  static boolean isLength(UpstreamError error) {
    if (error.status() == 429) return false;
    return LENGTH.matcher(words(error)).find();
  }

  /** Whether the request's content is what the service objects to. */
  static boolean isContent(UpstreamError error) {
    return CONTENT.matcher((error.type() + " " + error.code()).toLowerCase(Locale.ROOT)).find();
  }

  private static String words(UpstreamError error) {
    return (error.type() + " " + error.code() + " " + error.message()).toLowerCase(Locale.ROOT);
  }
}
