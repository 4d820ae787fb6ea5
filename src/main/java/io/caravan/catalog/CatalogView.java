package io.caravan.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * The catalog as bytes for clients. Each model's JSON is made when it is learned, so that an answer
 * only puts bytes together, and the whole lists are kept until a model changes.
 */
public final class CatalogView {

  private static final byte[] BEGIN =
      "{\"object\":\"list\",\"data\":[".getBytes(StandardCharsets.US_ASCII);

  private final Catalog catalog;
  private volatile Kept openAi = new Kept(-1, null);
  private final KeptPages pages = new KeptPages();

  /** A document and the state of the catalog that it shows. */
  private record Kept(long version, byte[] bytes) {}

  public CatalogView(Catalog catalog) {
    this.catalog = catalog;
  }

  /**
   * The list of {@code GET /v1/models}.
   *
   * @param first entries that stand before the services' models
   */
  public byte[] openAi(List<byte[]> first) {
    var kept = openAi;
    long version = catalog.version();
    if (kept.version == version) return kept.bytes;
    var parts = new ArrayList<>(first);
    for (var service : catalog.all().keySet()) {
      parts.addAll(catalog.known(service).listing().openAi());
    }
    var bytes = document(parts, "");
    openAi = new Kept(version, bytes);
    return bytes;
  }

  /**
   * A part of the list of {@code GET /llm/models}.
   *
   * @param name the same for the same part
   * @param wanted which models
   * @param text what is in one of their names or descriptions, in lower case; null for anything
   * @param offset how many of those to pass over
   * @param limit how many to show at most
   */
  public record Page(
      String name, BiPredicate<Service, ObjectNode> wanted, String text, int offset, int limit) {}

  /** A part that was asked for before, if it is still the same; else null. */
  public byte[] kept(Page page) {
    return pages.get(page.name, catalog.version());
  }

  /** A part as it is now. */
  public byte[] page(Page page) {
    long version = catalog.version();
    var bytes = page(page.wanted, page.text, page.offset, page.limit);
    pages.put(page.name, version, bytes);
    return bytes;
  }

  private byte[] page(BiPredicate<Service, ObjectNode> wanted, String text, int offset, int limit) {
    var parts = new ArrayList<byte[]>();
    int total = 0;
    for (var service : catalog.services().all()) {
      var listing = catalog.known(service).listing();
      if (listing == null) continue;
      for (int i = 0; i < listing.entries().size(); i++) {
        if (text != null && !listing.texts().get(i).contains(text)) continue;
        if (!wanted.test(service, listing.entries().get(i))) continue;
        boolean shown = total >= offset && parts.size() < limit;
        if (shown) parts.add(listing.whole().get(i));
        total++;
      }
    }
    return document(parts, ",\"total\":" + total + ",\"offset\":" + offset);
  }

  private static byte[] document(List<byte[]> parts, String more) {
    var end = ("]" + more + "}").getBytes(StandardCharsets.US_ASCII);
    int size = BEGIN.length + end.length + Math.max(0, parts.size() - 1);
    for (var part : parts) size += part.length;
    var out = ByteBuffer.allocate(size).put(BEGIN);
    for (int i = 0; i < parts.size(); i++) {
      if (i > 0) out.put((byte) ',');
      out.put(parts.get(i));
    }
    return out.put(end).array();
  }
}
