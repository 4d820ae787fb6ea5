package io.caravan.live;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.caravan.json.Json;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files that were changed and are not in force because something is wrong with them. */
public final class Refusals {

  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
  private static final Pattern LINE = Pattern.compile("\\bline:? (\\d+)");
  private static final Pattern KEY = Pattern.compile("\\bcaravan\\.[A-Za-z0-9._-]*[A-Za-z0-9]");

  private final Clock clock;
  private final Map<String, Refusal> byFile = new ConcurrentSkipListMap<>();

  private record Refusal(String reason, Instant at) {}

  public Refusals(Clock clock) {
    this.clock = clock;
  }

  /** Says it, once for each reason; what was in force before stays. */
  void refuse(String file, String reason) {
    var before = byFile.put(file, new Refusal(reason, clock.instant()));
    if (before != null && before.reason.equals(reason)) return;
    LOG.error("{} is refused, what was before stays: {}", file, reason);
  }

  /** Whether a file is refused now. */
  boolean has(String file) {
    return byFile.containsKey(file);
  }

  /** The file is right, or gone. */
  void settled(String file) {
    byFile.remove(file);
  }

  /** All of them for people: file, line or key where there is one, reason and time. */
  public ArrayNode json() {
    var all = Json.array();
    byFile.forEach(
        (file, refusal) -> {
          var one = all.addObject().put("file", file);
          var line = LINE.matcher(refusal.reason);
          if (line.find()) one.put("line", Integer.parseInt(line.group(1)));
          var key = KEY.matcher(refusal.reason);
          if (key.find()) one.put("key", key.group());
          one.put("reason", refusal.reason).put("at", refusal.at.toString());
        });
    return all;
  }
}
