package io.caravan.catalog;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * The text of a provider's Kamelet, taken apart.
 *
 * @param name the provider's name
 * @param text as it is written
 * @param kamelet the whole document
 */
public record KameletFile(String name, String text, Map<?, ?> kamelet) {

  /** What the names of these files end in. */
  public static final String SUFFIX = "-sink.kamelet.yaml";

  private static final List<String> DIALECTS = List.of("anthropic", "gpt4all", "ollama", "openai");

  /**
   * Parses a file's text.
   *
   * @throws IllegalArgumentException saying what is wrong, with the line where that is known
   */
  public static KameletFile of(String name, String text) {
    var file = new KameletFile(name, text, document(text));
    if (!"Kamelet".equals(file.kamelet.get("kind")))
      throw wrong(text, "kind:", "kind must be Kamelet");
    var named = text(map(file.kamelet, "metadata"), "name", "missing");
    if (!named.equals(name + "-sink")) {
      throw wrong(
          text, " name:", "metadata.name must be " + name + "-sink as the file's, but is " + named);
    }
    if (!(file.template() instanceof Map)) throw wrong(text, "spec:", "spec.template is missing");
    var dialect = text(file.annotations(), "caravan/dialect", "openai");
    if (!DIALECTS.contains(dialect))
      throw wrong(text, "caravan/dialect", "the dialect " + dialect + " is none of " + DIALECTS);
    return file;
  }

  /** The steps of a call. */
  public Object template() {
    return map(kamelet, "spec").get("template");
  }

  /** A mistake with the first line that has a word, or with the first of all. */
  private static IllegalArgumentException wrong(String text, String word, String what) {
    var before = text.substring(0, Math.max(0, text.indexOf(word)));
    long line = 1 + before.chars().filter(character -> character == '\n').count();
    return new IllegalArgumentException("line " + line + ": " + what);
  }

  private static Map<?, ?> document(String text) {
    try {
      var yaml = new Load(LoadSettings.builder().build()).loadFromString(text);
      if (yaml instanceof Map<?, ?> map) return map;
      throw new IllegalArgumentException("line 1: it is no Kamelet");
    } catch (MarkedYamlEngineException e) {
      var line = e.getProblemMark().map(mark -> "line " + (mark.getLine() + 1) + ": ").orElse("");
      throw new IllegalArgumentException(line + e.getProblem(), e);
    } catch (YamlEngineException e) {
      throw new IllegalArgumentException("it is no YAML: " + e.getMessage(), e);
    }
  }

  /** What it says of the provider. */
  public Provider provider(boolean shipped, String template) {
    var annotations = annotations();
    var base = map(properties(), "baseUrl");
    return new Provider(
        name,
        text(definition(), "title", name),
        text(base, "default", null),
        properties().containsKey("baseUrl"),
        text(annotations, "caravan/key", "optional").equals("required"),
        text(annotations, "caravan/key-variable", null),
        names(text(annotations, "caravan/accepts", "")),
        names(text(annotations, "caravan/drops", "")),
        names(text(annotations, "caravan/refuses", "")),
        read("caravan/capabilities", said -> Capability.of(names(said))),
        names(text(annotations, "caravan/capabilities", "")).contains(Capability.PREFILL),
        names(text(annotations, "caravan/resumes", "")),
        new Provider.Listing(
            names(text(annotations, "caravan/details", "")),
            text(annotations, "caravan/model-state", "unknown"),
            read("caravan/fingerprint", Fingerprint::of)),
        own(),
        required(),
        shipped,
        template,
        names(text(annotations, "caravan/aliases", "")));
  }

  private Set<String> own() {
    return properties().keySet().stream()
        .map(Object::toString)
        .filter(property -> !property.equals("baseUrl") && !property.equals("apiKey"))
        .collect(Collectors.toUnmodifiableSet());
  }

  private Set<String> required() {
    var listed = definition().get("required") instanceof Collection<?> all ? all : List.of();
    return own().stream()
        .filter(listed::contains)
        .filter(property -> map(properties(), property).get("default") == null)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** What else is said of the provider, each {@code caravan/…}. */
  public Map<?, ?> annotations() {
    return map(map(kamelet, "metadata"), "annotations");
  }

  /** The form of a service of this provider, a JSON schema. */
  public Map<?, ?> definition() {
    return map(map(kamelet, "spec"), "definition");
  }

  /** The properties in that form. */
  public Map<?, ?> properties() {
    return map(definition(), "properties");
  }

  private static Map<?, ?> map(Map<?, ?> from, String key) {
    return from.get(key) instanceof Map<?, ?> inner ? inner : Map.of();
  }

  private static String text(Map<?, ?> from, String key, String otherwise) {
    return from.get(key) == null ? otherwise : from.get(key).toString();
  }

  /** Reads an annotation that may make no sense. */
  private <T> T read(String annotation, Function<String, T> reader) {
    try {
      return reader.apply(text(annotations(), annotation, ""));
    } catch (IllegalArgumentException e) {
      var reason = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw wrong(text, annotation, annotation + ": " + reason);
    }
  }

  private static Set<String> names(String list) {
    return Stream.of(list.split(","))
        .map(String::strip)
        .filter(item -> !item.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }
}
