package io.caravan.files;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException.InvalidRequest;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where a GGUF file comes from, and its name here.
 *
 * @param name ends in {@code .gguf} and holds no separator
 * @param source http or https
 */
public record ModelFile(String name, URI source) {

  private static final String SUFFIX = ".gguf";

  /** Letters of any script and signs, but none that means something to a file system. */
  private static final String PLAIN = "[^\\p{Cntrl}/\\\\:*?\"<>|~]{1,60}|[\\w. +@=()-]{1,200}";

  private static final Pattern HUB =
      Pattern.compile(
          "(?:hf://|huggingface://|hf\\.co/|https?://huggingface\\.co/)?"
              + "([\\w.-]+/[\\w.-]+)[:/](?:(?:resolve|blob)/[^/]+/)?([^\\s:]+\\.gguf)");

  /**
   * What a client wants to install.
   *
   * @param hub base URL of Hugging Face
   * @throws InvalidRequest if it is neither a URL nor {@code repo:file}
   */
  public static ModelFile of(ObjectNode wanted, String hub) {
    var model = wanted.path("model").asText();
    if (wanted.hasNonNull("url")) {
      var url = url(wanted.path("url").asText());
      return new ModelFile(name(model, path(url.getPath())), url);
    }
    if (model.matches("https?://.*") && !HUB.matcher(model).matches()) {
      var url = url(model);
      return new ModelFile(name("", path(url.getPath())), url);
    }
    var file = HUB.matcher(model);
    if (!file.matches()) throw unclear();
    var revision = wanted.path("revision").asText("main");
    var path = file.group(1) + "/resolve/" + revision + "/" + file.group(2);
    if (Stream.of(path.split("/")).anyMatch(each -> each.matches("\\.{1,2}"))) throw unclear();
    var named = encoded(file.group(1)) + "/resolve/" + segment(revision); // refs/pr/1 is one
    var url = url(hub.replaceFirst("/+$", "") + "/" + named + "/" + encoded(file.group(2)));
    return new ModelFile(name("", path(file.group(2))), url);
  }

  /**
   * Looks whether a name that a client has chosen can be a file's.
   *
   * @throws InvalidRequest if it cannot
   */
  public static void check(String model) {
    if (isPlain(model)) return;
    throw new InvalidRequest(
        "'params.model_name' becomes the name of a file here: it must not begin with a dot, be longer"
            + " than 60 characters or hold any of / \\ : * ? \" < > | ~.",
        "params.model_name",
        "invalid_value");
  }

  private static boolean isPlain(String model) {
    return model.matches(PLAIN) && !model.startsWith(".");
  }

  /** The file's name for a model, or if that says none, for where it comes from. */
  static String name(String model, Path origin) {
    var last = origin.getFileName() == null ? "" : origin.getFileName().toString();
    var name = isPlain(model) ? model : last;
    boolean odd = name.chars().anyMatch(Character::isISOControl);
    if (name.isEmpty() || name.startsWith(".") || odd) throw unclear();
    path(name); // the machine's file names may not have all letters
    return name.endsWith(SUFFIX) ? name : name + SUFFIX;
  }

  private static Path path(String text) {
    try {
      return Path.of("/" + text);
    } catch (InvalidPathException e) {
      throw unclear();
    }
  }

  private static URI url(String text) {
    try {
      var url = URI.create(text);
      boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      if (web && url.getHost() != null && url.getUserInfo() == null) return url;
    } catch (IllegalArgumentException e) {
      // said below
    }
    throw unclear();
  }

  private static String encoded(String path) {
    return Stream.of(path.split("/")).map(ModelFile::segment).collect(Collectors.joining("/"));
  }

  private static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static InvalidRequest unclear() {
    return new InvalidRequest(
        "A local model is installed from 'params.url', an http or https URL of a GGUF file, or as"
            + " 'params.model_name' in the form owner/repository:file.gguf of Hugging Face.",
        "params.model_name",
        "invalid_value");
  }
}
