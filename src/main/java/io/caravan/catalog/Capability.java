package io.caravan.catalog;

import io.caravan.errors.GatewayException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;

/** What a service can do over HTTP, as its provider's Kamelet declares it. */
public enum Capability {
  InstallModel("install"),
  ImportModel("import"),
  UpdateModel("update"),
  LoadModel("load"),
  UnloadModel("unload"),
  DeleteModel("delete"),
  LoadModelProgress(null),
  LoadModelCancel("cancel"),
  LoadModelTimeout(null),
  HuggingfaceModelsSupported(null),
  OllamaModelsSupported(null),
  Inference(null),
  Streaming(null),
  Embedding(null);

  /** Declared among them, but of no concern to those who manage models. */
  static final String PREFILL = "prefill";

  private final String operation;

  Capability(String operation) {
    this.operation = operation;
  }

  /**
   * The capabilities of these names.
   *
   * @throws IllegalArgumentException if one is not known
   */
  static Set<Capability> of(Collection<String> names) {
    return names.stream()
        .filter(name -> !name.equals(PREFILL))
        .map(Capability::named)
        .collect(Collectors.toUnmodifiableSet());
  }

  private static Capability named(String name) {
    return Arrays.stream(values())
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'" + name + "' is none of " + Arrays.toString(values())));
  }

  /** Whether a service can do an operation; one whose Kamelet does not say is asked. */
  public static boolean has(Service service, String operation) {
    var declared = service.provider().capabilities();
    return declared.isEmpty()
        || declared.stream().anyMatch(each -> operation.equals(each.operation));
  }

  /**
   * Refuses an operation on models; does nothing for any other.
   *
   * @throws GatewayException.NotSupported naming the capability
   */
  public static void refuse(Service service, String operation) {
    Arrays.stream(values())
        .filter(each -> operation.equals(each.operation))
        .findFirst()
        .ifPresent(
            each -> {
              throw new GatewayException.NotSupported(
                  service.name(), service.provider().title(), each.name());
            });
  }
}
