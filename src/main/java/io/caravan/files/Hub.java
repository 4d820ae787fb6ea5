package io.caravan.files;

import io.caravan.settings.Configuration;
import java.net.URI;
import java.util.Map;

/**
 * Where Hugging Face is, and who Caravan is to it.
 *
 * @param url base URL
 * @param token null for none
 */
public record Hub(String url, String token) {

  /** As the settings say; the token is by custom in the environment. */
  public static Hub of(Configuration configuration, Map<String, String> environment) {
    var variable = configuration.get("caravan.huggingface.token-env-var", "HF_TOKEN");
    var token = environment.get(variable);
    return new Hub(
        configuration.get("caravan.huggingface.url", "https://huggingface.co"),
        token == null || token.isBlank() ? null : token.strip());
  }

  /** The token for an address, which only the hub itself may see: it redirects to others. */
  String tokenFor(URI address) {
    var own = URI.create(url);
    boolean same =
        own.getHost().equals(address.getHost())
            && own.getPort() == address.getPort()
            && own.getScheme().equals(address.getScheme());
    return same ? token : null;
  }

  /** Without the token, so that it cannot reach a log by accident. */
  @Override
  public String toString() {
    return "Hub[" + url + "]";
  }
}
