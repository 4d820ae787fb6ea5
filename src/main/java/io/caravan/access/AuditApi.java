package io.caravan.access;

import io.caravan.errors.GatewayException;
import io.caravan.errors.GatewayException.InvalidRequest;
import io.caravan.json.Json;
import java.sql.SQLException;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.apache.camel.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code GET /api/audit}: the log of changes, as {@link Audit} has written it. */
public final class AuditApi {

  private static final Logger LOG = LoggerFactory.getLogger(AuditApi.class);
  private static final int PAGE = 50;
  private static final int LARGEST_PAGE = 500;

  private final Supplier<DataSource> source;

  AuditApi(Supplier<DataSource> source) {
    this.source = source;
  }

  /** A page, the newest first; may block. */
  public byte[] list(
      @Header("client") String client,
      @Header("action") String action,
      @Header("limit") String limit,
      @Header("offset") String offset) {
    var filter =
        new AuditTable.Filter(
            client == null ? "" : client,
            action == null ? "" : action,
            Math.min(LARGEST_PAGE, number("limit", limit, PAGE)),
            number("offset", offset, 0));
    var page = Json.object().put("object", "list");
    var data = page.putArray("data");
    try {
      var table = new AuditTable(source.get());
      table.page(filter).forEach(entry -> data.add(entry.json()));
      page.put("total", table.count(filter));
    } catch (SQLException e) {
      LOG.error("The audit log cannot be read", e);
      throw new GatewayException.Unavailable("The audit log cannot be read now.", 10);
    }
    return Json.bytes(page.put("limit", filter.limit()).put("offset", filter.offset()));
  }

  private static int number(String name, String given, int otherwise) {
    if (given == null || given.isBlank()) return otherwise;
    if (given.matches("\\d{1,9}")) return Integer.parseInt(given);
    throw new InvalidRequest("'" + name + "' must be a whole number.", name, "invalid_value");
  }
}
