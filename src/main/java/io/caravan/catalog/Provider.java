package io.caravan.catalog;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a provider's Kamelet file says of it, its template apart.
 *
 * @param name the file's name without {@code -sink.kamelet.yaml}
 * @param title for people
 * @param defaultUrl base URL of a usual installation, null if there is none
 * @param needsUrl whether it is reached by URL at all
 * @param needsKey whether it is of no use without an API key
 * @param keyVariable the environment variable that usually holds its key, null if there is none
 * @param accepts the only request parameters that may travel; empty means all
 * @param drops parameters that are left out, with a warning to the client
 * @param refuses parameters whose loss would change the meaning of the request
 * @param capabilities what its services can do; empty if its file does not say
 * @param resumes the operations that go on where they ended when they are asked for again
 * @param defaults default values of its properties, by name
 * @param shipped whether the file is the one in the jar, not one that somebody dropped in
 */
public record Provider(
    String name,
    String title,
    String defaultUrl,
    boolean needsUrl,
    boolean needsKey,
    String keyVariable,
    Set<String> accepts,
    Set<String> drops,
    Set<String> refuses,
    Set<Capability> capabilities,
    Set<String> resumes,
    Map<String, String> defaults,
    boolean shipped) {

  /** The properties beside URL and key that a service of this provider can set. */
  public Set<String> ownProperties() {
    return defaults.keySet().stream()
        .filter(name -> !name.equals("baseUrl") && !name.equals("apiKey"))
        .collect(Collectors.toUnmodifiableSet());
  }
}
