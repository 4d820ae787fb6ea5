package io.caravan.catalog;

import java.util.LinkedHashMap;

/** Pages of the catalog that were asked for lately, as long as nothing in it changes. */
final class KeptPages {

  private static final int MOST_BYTES = 32 << 20;

  private final LinkedHashMap<String, byte[]> pages = new LinkedHashMap<>(16, 0.75f, true);
  private long version = -1;
  private int bytes;

  /** The page of this name in this version of the catalog, or null. */
  synchronized byte[] get(String name, long now) {
    return version == now ? pages.get(name) : null;
  }

  /** Keeps a page; those that nobody has asked for the longest make room. */
  synchronized void put(String name, long then, byte[] page) {
    if (then < version || page.length > MOST_BYTES) return;
    if (then > version) {
      pages.clear();
      bytes = 0;
      version = then;
    }
    if (pages.put(name, page) != null) return; // two have made the same one
    bytes += page.length;
    var oldest = pages.entrySet().iterator();
    while (bytes > MOST_BYTES) {
      bytes -= oldest.next().getValue().length;
      oldest.remove();
    }
  }
}
