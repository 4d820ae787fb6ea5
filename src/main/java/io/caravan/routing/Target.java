package io.caravan.routing;

import io.caravan.catalog.Service;
import io.caravan.catalog.TimeLimits;
import io.caravan.errors.OpenAiErrors;

/**
 * Where one attempt of a call goes: one URL of a service with one of its models. Exchange variable
 * {@code target}.
 *
 * @param url the base URL to call, null where the Kamelet finds it itself
 * @param model the model's name as the service knows it, null for calls about the service
 * @param apiKey the key for this URL, null if there is none
 * @param limits how long this attempt may take
 */
public record Target(Service service, String url, String model, String apiKey, TimeLimits limits) {

  /** Name of the exchange variable. */
  public static final String VARIABLE = "target";

  /** A target with the time limits of its service. */
  public Target(Service service, String url, String model, String apiKey) {
    this(service, url, model, apiKey, service.limits());
  }

  /** A target at the service's first URL. */
  public static Target of(Service service, String model) {
    var url = service.urls().isEmpty() ? null : service.urls().get(0);
    return new Target(service, url, model, service.apiKey());
  }

  /** The same target at another address. */
  public Target at(String otherUrl, String otherKey) {
    return new Target(service, otherUrl, model, otherKey, limits);
  }

  /** Whether it is the same model of the same service, whatever the URL. */
  boolean isTwinOf(Target other) {
    return service == other.service && model.equals(other.model);
  }

  /** The same target with other time limits. */
  public Target within(TimeLimits others) {
    return new Target(service, url, model, apiKey, others);
  }

  /** The model's name for clients: {@code service~model}. */
  public String unifiedName() {
    return service.name() + "~" + model;
  }

  /**
   * What tells this target from others without naming its address: the unified name, and behind it
   * {@code @2} for the service's second URL.
   */
  public String key() {
    int url = service.urls().size() < 2 ? 0 : service.urls().indexOf(this.url);
    return url < 1 ? unifiedName() : unifiedName() + "@" + (url + 1);
  }

  /** A failure for others to read: a service may quote its own address or the key it was given. */
  public OpenAiErrors.Rendered discreet(OpenAiErrors.Rendered failure) {
    return failure.hiding(apiKey, "***").hiding(url, service.name());
  }

  /** Without the key, so that it cannot reach a log by accident. */
  @Override
  public String toString() {
    return "Target[" + service.name() + ", " + url + ", " + model + "]";
  }
}
