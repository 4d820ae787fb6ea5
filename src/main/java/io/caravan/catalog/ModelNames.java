package io.caravan.catalog;

import java.util.Locale;
import java.util.regex.Pattern;

/** What a model's name gives away, where its service says nothing. */
final class ModelNames {

  private static final Pattern EMBEDDINGS =
      words(
          "embed(ding|dings)?|bge|gte|e5|minilm|mxbai|arctic-embed|(nomic|sfr|jina)-(bert|embed.*)");
  private static final Pattern VLM =
      words(
          "vision|vlm?|llava|bakllava|moondream\\d?|pixtral|minicpm-?v|internvl[\\d.]*|paligemma\\d?"
              + "|qvq|smolvlm\\d?|gpt-4o|gpt-4\\.1|gpt-5|claude|gemini|llama-?4|gemma-?3|gemma3n?");
  private static final Pattern VISION =
      words(
          "clip|siglip\\d?|stable-?diffusion|sdxl|sd3(\\.5)?|flux|dall-e|gpt-image|florence|yolo.*");
  private static final Pattern LLM =
      words(
          "gpt|o[134]|llama|codellama|tinyllama|mistral|mixtral|ministral|codestral|devstral|magistral"
              + "|qwen|qwq|gemma|phi|deepseek|granite|command|yi|falcon|vicuna|zephyr|hermes|starcoder"
              + "|stablelm|smollm|olmo|nemotron|orca|solar|internlm|glm|exaone|chat|tinychat|instruct"
              + "|coder|dolphin|openchat|neural|wizard(lm|coder|math)?|jan|lfm|ernie|kimi|minimax");
  private static final Pattern INSTRUCTED =
      words(
          "instruct(ed)?|chat|it|assistant|gpt|claude|gemini|command|vicuna|zephyr|hermes|lab|tinychat"
              + "|openchat|o[134]");
  private static final Pattern CODING =
      words(
          "code|coder|coding|codestral|devstral|starcoder|codellama|codegemma|sqlcoder|wizardcoder|codeqwen");
  private static final Pattern TOOLING =
      words(
          "gpt-(3\\.5|4|4o|4\\.1|5|oss)|o[134]|claude|gemini|command-(r|a)|llama-?(3\\.[1-9]|4)|llama3\\.[1-9]"
              + "|qwen-?(2\\.5|3)|qwq|mistral-(nemo|small|large)|ministral|magistral|devstral|granite-?[34].*"
              + "|hermes-?[234]|firefunction|functionary|nemotron|deepseek-(v3|r1)|kimi|smollm3");
  private static final Pattern QUANTIZATION =
      Pattern.compile(
          "(?i)(?<![a-z0-9])((?:UD-)?I?Q\\d(?:[_-]?K(?:[_-]?(?:XL|[SML]))?|[_-](?:0|1|XXS|XS|[SML]|NL))?"
              + "|BF16|F16|F32|FP16|FP8|FP4|NVFP4|MXFP4|AWQ|GPTQ|INT[48]|W\\dA\\d+|[34568]-?bit)"
              + "(?![a-z0-9])");
  private static final Pattern PARAMETERS =
      Pattern.compile(
          "(?i)(?<![a-z0-9.])((?:\\d+x)?\\d+(?:\\.\\d+)?[BM](?:-A\\d+(?:\\.\\d+)?B)?)(?![a-z0-9])");
  private static final Pattern CONTEXT =
      Pattern.compile("(?i)(?<![a-z0-9.])(\\d{1,4})([km])(?![a-z0-9])");
  private static final Pattern FAMILY =
      Pattern.compile(
          "(?i)(?<![a-z])(nomic-bert|tinyllama|codellama|llama|mixtral|mistral|codestral|devstral|qwen|gemma"
              + "|phi|deepseek|granite|falcon|starcoder|command-r|bert|olmo|gpt-oss|gpt|claude|yi)[\\d.]*");

  private ModelNames() {}

  /** llm, vlm, embeddings, vision or unknown. */
  static String type(String name) {
    if (EMBEDDINGS.matcher(name).find()) return "embeddings";
    if (VISION.matcher(name).find()) return "vision";
    if (VLM.matcher(name).find()) return "vlm";
    return LLM.matcher(name).find() ? "llm" : "unknown";
  }

  static boolean instructed(String name) {
    return INSTRUCTED.matcher(name).find();
  }

  static boolean coding(String name) {
    return CODING.matcher(name).find();
  }

  static boolean tooling(String name) {
    return TOOLING.matcher(name).find();
  }

  static String quantization(String name) {
    var found = last(QUANTIZATION, name);
    return found == null
        ? null
        : found
            .toUpperCase(Locale.ROOT)
            .replace('-', '_')
            .replaceFirst("_?K_?(XL|[SML])$", "_K_$1");
  }

  /** How many weights, as people write it: 3.2B, 8x7B, 135M. */
  static String parameters(String name) {
    var found = PARAMETERS.matcher(name);
    return found.find() ? found.group(1).toUpperCase(Locale.ROOT) : null;
  }

  /** The tokens that it was made for, 0 if the name does not say. */
  static long maxTokens(String name) {
    var found = CONTEXT.matcher(name);
    while (found.find()) {
      boolean thousands = found.group(2).equalsIgnoreCase("k");
      if (thousands) return Long.parseLong(found.group(1)) * 1024;
    }
    return 0;
  }

  /** {@code org} of {@code org/name}; none of a file's path. */
  static String publisher(String name) {
    int slash = name.indexOf('/');
    if (slash <= 0 || name.startsWith(".") || name.endsWith(".gguf")) return null;
    return name.substring(0, slash);
  }

  static String architecture(String name) {
    var found = FAMILY.matcher(name);
    return found.find() ? found.group().toLowerCase(Locale.ROOT).replaceFirst("\\.$", "") : null;
  }

  private static String last(Pattern pattern, String name) {
    var found = pattern.matcher(name);
    String last = null;
    while (found.find()) last = found.group(1);
    return last;
  }

  /** Whole words of a name: what stands between anything that is no letter; digits may follow. */
  private static Pattern words(String alternatives) {
    return Pattern.compile("(?i)(?<![a-z])(?:" + alternatives + ")(?![a-z])");
  }
}
