package io.caravan.access;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.access.Client.Limits;
import io.caravan.access.Client.Scope;
import io.caravan.errors.GatewayException;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.Header;

/** {@code /api/keys} over HTTP. Its routes have left the event loop: most of this may block. */
public final class KeysApi {

  private static final ApiKey EMPTY =
      new ApiKey(null, null, Scope.CLIENT, null, null, false, Limits.NONE, null, null);

  private final Keys keys;
  private final boolean givenToken;
  private final Clock clock;

  /**
   * @param givenToken whether an admin can always come in by the token of the settings
   */
  KeysApi(Keys keys, boolean givenToken, Clock clock) {
    this.keys = keys;
    this.givenToken = givenToken;
    this.clock = clock;
  }

  /** {@code POST /api/keys}: 201, and the key, which nobody sees again. */
  public void create(Exchange exchange, @Body byte[] body) {
    var made = keys.create(new KeyFields(object(body)).on(EMPTY, now()));
    Audit.tell(exchange, "id", made.key().id());
    var message = exchange.getMessage();
    message.setHeader(Exchange.HTTP_RESPONSE_CODE, 201);
    message.setHeader("Location", "/api/keys/" + made.key().id());
    message.setHeader("Cache-Control", "no-store");
    message.setBody(Json.bytes(ShownKey.json(made.key()).put("key", made.text())));
  }

  /** {@code GET /api/keys}: all of them, masked. */
  public byte[] list() {
    var page = Json.object().put("object", "list");
    var data = page.putArray("data");
    keys.all().forEach(key -> data.add(ShownKey.json(key)));
    keys.damaged().forEach(id -> data.add(ShownKey.damaged(id)));
    return Json.bytes(page);
  }

  /** {@code GET /api/keys/{id}}. */
  public byte[] one(@Header("id") String id) {
    keys.refresh();
    return Json.bytes(ShownKey.json(keys.known(id)));
  }

  /** {@code GET /api/me}: whose key the call shows, and what it opens. Blocks nothing. */
  public byte[] caller(Exchange exchange) {
    var client = Client.of(exchange);
    var scope = client.isAdmin() ? "admin" : "client";
    var shown = Json.object().put("id", client.id()).put("object", "caller");
    return Json.bytes(shown.put("name", client.name()).put("scope", scope));
  }

  /** {@code PATCH /api/keys/{id}}: what the body names is changed, from the next call on. */
  public byte[] change(@Header("id") String id, @Body byte[] body) {
    var fields = new KeyFields(object(body));
    var now = now();
    return Json.bytes(
        ShownKey.json(
            keys.change(
                id,
                before -> {
                  var later =
                      now.isAfter(before.updatedAt()) ? now : before.updatedAt().plusMillis(1);
                  var after = fields.on(before, later);
                  boolean locks = !after.opens(now) || after.scope() != Scope.ADMIN;
                  if (locks || endsSooner(before, after)) requireOther(before, now);
                  return after;
                })));
  }

  /** {@code DELETE /api/keys/{id}}. */
  public byte[] delete(@Header("id") String id) {
    keys.refresh();
    if (!keys.damaged().contains(id)) requireOther(keys.known(id), now());
    keys.delete(id);
    return Json.bytes(Json.object().put("id", id).put("object", "key").put("deleted", true));
  }

  private static boolean endsSooner(ApiKey before, ApiKey after) {
    var end = after.limits().expiresAt();
    var usual = before.limits().expiresAt();
    return end != null && (usual == null || end.isBefore(usual));
  }

  /** Nobody could make keys any more without the last key of an admin. */
  private void requireOther(ApiKey key, Instant now) {
    if (givenToken || key.scope() != Scope.ADMIN || !key.opens(now)) return;
    for (var other : keys.all()) {
      boolean stays = !other.id().equals(key.id()) && other.scope() == Scope.ADMIN;
      if (stays && other.opens(now) && other.limits().expiresAt() == null) return;
    }
    throw new GatewayException.Conflict(
        "This is the last admin's key. Make another one first, or set caravan.access.admin-token.",
        "last_admin_key");
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  /** A body that must be a JSON object. */
  static ObjectNode object(byte[] body) {
    try {
      if (body != null && Json.readRequest(body) instanceof ObjectNode object) return object;
    } catch (IOException e) {
      // said below
    }
    throw new InvalidRequest("The request body must be a JSON object.", null, null);
  }
}
