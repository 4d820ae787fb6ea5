package io.caravan.jobs;

import io.caravan.errors.GatewayException.UpstreamFailed;
import java.util.regex.Pattern;

/** Services that do not have a model say so in words alone, with whatever status. */
final class UnknownModel {

  /** Cortex.so with 400, LocalAI and Ollama with 200, llama-server of Hugging Face. */
  private static final Pattern WORDS =
      Pattern.compile(
          "(?i)\\bmodel\\b.{0,1000}\\b(not found|does not exist)|\\bno model found\\b"
              + "|\\bfailed to find model\\b|\\bmanifest: file does not exist",
          Pattern.DOTALL);

  /** llama-server's words for a path that it does not know, where it says no more than a type. */
  private static final String UNKNOWN_PATH = "File Not Found";

  private UnknownModel() {}

  static boolean is(Throwable failure) {
    if (!(failure instanceof UpstreamFailed failed) || failed.error().code() != null) return false;
    var words = failed.getMessage();
    if ("not_found_error".equals(failed.error().type())) return !words.equals(UNKNOWN_PATH);
    return WORDS.matcher(words).find();
  }
}
