package io.caravan.access;

import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import io.caravan.store.Vault;
import org.apache.camel.Body;

/** {@code POST /api/secrets/rotate}: changes the keys that seal the stored secrets; may block. */
public final class SecretsApi {

  private final Vault vault;

  public SecretsApi(Vault vault) {
    this.vault = vault;
  }

  /** The body may be empty, or say {@code {"forget":true}} where the master key is lost. */
  public byte[] rotate(@Body byte[] body) {
    var request = body == null || body.length == 0 ? Json.object() : KeysApi.object(body);
    var forget = request.path("forget");
    if (!forget.isMissingNode() && !forget.isBoolean()) {
      throw new InvalidRequest("'forget' must be true or false.", "forget", "invalid_value");
    }
    vault.rotate(forget.asBoolean(false));
    return Json.bytes(Json.object().put("status", "rotated"));
  }
}
