package io.caravan.catalog;

import java.util.Set;

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
 * @param prefill whether a chat whose last message is the assistant's is gone on with
 * @param resumes the operations that go on where they ended when they are asked for again
 * @param listing what discovery has to know
 * @param ownProperties what a service of it can set beside URL and key
 * @param required those of them that have no default and must be set
 * @param shipped whether the file is the one in the jar, not one that somebody dropped in
 * @param template id of the Kamelet's present version for Camel
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
    boolean prefill,
    Set<String> resumes,
    Listing listing,
    Set<String> ownProperties,
    Set<String> required,
    boolean shipped,
    String template) {

  /**
   * How services of this provider tell of themselves.
   *
   * @param details the operations beside {@code models} that tell more: {@code details} of all
   *     models, {@code model} of one, {@code describe} of the service
   * @param modelState the state of a model of which the service says nothing
   * @param fingerprint by what such a service is known, whatever its port
   */
  public record Listing(Set<String> details, String modelState, Fingerprint fingerprint) {

    /** A provider whose services tell nothing but names. */
    public static final Listing PLAIN = new Listing(Set.of(), "unknown", Fingerprint.NONE);
  }
}
