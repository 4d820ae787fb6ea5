package io.caravan.resilience;

import io.caravan.errors.UpstreamError;
import java.util.Locale;
import java.util.regex.Pattern;

/** Refusals that services word in their own ways, and that no repetition will change. */
final class Refusal {

  /** OpenAI, vLLM and llama-cpp-python; Anthropic; llama.cpp's server, which has its own type. */
  private static final Pattern LENGTH =
      Pattern.compile(
          "maximum context length|context_length_exceeded|exceed_context_size"
              + "|prompt is too long|exceeds? the (available )?context|context window");

  private static final Pattern CONTENT =
      Pattern.compile("content_filter|content_policy_violation|responsibleaipolicyviolation");

  /**
   * What concerns the service's account or its models, though it comes as a 400 or 429: Anthropic's
   * and OpenAI's empty accounts, Gemini's and xAI's wrong keys, Groq's and DeepSeek's lost models.
   */
  private static final Pattern OWN =
      Pattern.compile(
          "insufficient_quota|billing|credit balance is too low|invalid_api_key|api[ _]key not valid"
              + "|incorrect api key|model_not_found|model_decommissioned|model not exist");

  private Refusal() {}

  /** Whether the service refuses for reasons of its own, which another one need not have. */
  static boolean isOwn(UpstreamError error) {
    return (error.status() == 400 || error.status() == 429) && OWN.matcher(words(error)).find();
  }

  /** Whether the request is too long for the model; a server in trouble may use such words too. */
  static boolean isLength(UpstreamError error) {
    return (error.status() == 400 || error.status() == 413) && LENGTH.matcher(words(error)).find();
  }

  /** Whether the request's content is what the service objects to. */
  static boolean isContent(UpstreamError error) {
    return CONTENT.matcher((error.type() + " " + error.code()).toLowerCase(Locale.ROOT)).find();
  }

  private static String words(UpstreamError error) {
    return (error.type() + " " + error.code() + " " + error.message()).toLowerCase(Locale.ROOT);
  }
}
