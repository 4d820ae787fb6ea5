package io.caravan.local.worker;

import java.util.List;

/**
 * How a model writes that it calls a tool.
 *
 * @see <a href="https://github.com/ggml-org/llama.cpp/blob/master/docs/function-calling.md">The
 *     forms that are in use</a>
 */
enum CallFormat {

  /** {@code <tool_call>{"name":…,"arguments":{…}}</tool_call>}: Hermes, Qwen. */
  HERMES(false, "<tool_call>"),

  /** {@code {"name":…,"parameters":{…}}}, alone or behind a mark: Llama 3. */
  LLAMA(true, "<|python_tag|>"),

  /** {@code [TOOL_CALLS][{"name":…,"arguments":{…}}]}: Mistral. */
  MISTRAL(false, "[TOOL_CALLS]"),

  /** The template does not say: any of them. */
  ANY(true, "<tool_call>", "<|python_tag|>", "[TOOL_CALLS]");

  /** What may end a Hermes call; the other forms end with their JSON. */
  static final String CLOSE = "</tool_call>";

  private final boolean bare;
  private final List<String> marks;

  CallFormat(boolean bare, String... marks) {
    this.bare = bare;
    this.marks = List.of(marks);
  }

  /** The form that a model's chat template speaks of. */
  static CallFormat of(String template) {
    if (template.contains("<tool_call>")) return HERMES;
    if (template.contains("[TOOL_CALLS]")) return MISTRAL;
    if (template.contains("<|python_tag|>")) return LLAMA;
    boolean llama = template.contains("<|start_header_id|>") && template.contains("\"parameters\"");
    return llama ? LLAMA : ANY;
  }

  /** Whether a text that begins with JSON may be a call without any mark. */
  boolean bare() {
    return bare;
  }

  /** What a call begins with. */
  List<String> marks() {
    return marks;
  }

  /** What the prompt ends with for a model that has to call: its call goes on from there. */
  String opening(String template) {
    if (this == HERMES)
      return template.contains("<tool_call>\\n") ? "<tool_call>\n" : "<tool_call>";
    return this == MISTRAL ? "[TOOL_CALLS]" : "";
  }
}
