package io.caravan.metrics;

import io.caravan.json.Json;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line for each call: who, model, target, status, tokens, times. Never what was said, and never
 * a key. The lines leave by an appender of their own that holds no call up.
 */
public final class AccessLog {

  /** The logger that the appender listens to. */
  private static final Logger LINES = LoggerFactory.getLogger("io.caravan.access");

  private static final int MAX_NAME_CHARS = 200;

  private final boolean json;
  private final Clock clock;

  /**
   * @param format {@code text} or {@code json}
   */
  public AccessLog(String format, Clock clock) {
    this.json = format.equals("json");
    this.clock = clock;
  }

  void write(CallRecord call) {
    LINES.info("{}", json ? json(call) : text(call));
  }

  private String json(CallRecord call) {
    var line = Json.object().put("time", clock.instant().toString());
    line.put("request_id", call.requestId()).put("client", call.client());
    line.put("route", call.figures().route());
    line.put("model", name(call.requested()));
    line.put("target", call.target() == null ? null : name(call.target().key()));
    line.put("status", call.figures().status()).put("attempts", call.tries().size());
    if (call.reason() != null) line.put("fallback_reason", call.reason().word());
    if (call.fault() != null) line.put("error", call.fault().word());
    if (call.tokensIn() >= 0) line.put("tokens_in", call.tokensIn());
    if (call.tokensOut() >= 0) line.put("tokens_out", call.tokensOut());
    if (call.firstToken() != null) line.put("first_token_ms", call.firstToken().toMillis());
    line.put("duration_ms", call.figures().duration().toMillis());
    return Json.text(line.put("bytes", call.figures().bytes()));
  }

  private String text(CallRecord call) {
    var words = new ArrayList<String>();
    words.add(clock.instant().toString());
    words.add(call.requestId());
    words.add("client=" + call.client());
    words.add(call.figures().route());
    words.add("model=" + quoted(call.requested()));
    words.add("target=" + quoted(call.target() == null ? null : call.target().key()));
    words.add("status=" + call.figures().status());
    words.add("attempts=" + call.tries().size());
    words.add("reason=" + (call.reason() == null ? "-" : call.reason().word()));
    words.add("error=" + (call.fault() == null ? "-" : call.fault().word()));
    words.add("tokens=" + count(call.tokensIn()) + "/" + count(call.tokensOut()));
    words.add("first_token=" + time(call.firstToken()));
    words.add("duration=" + time(call.figures().duration()));
    words.add("bytes=" + call.figures().bytes());
    return String.join(" ", words);
  }

  /** A client chooses the name: it must not break the line or fill the disk. */
  private static String name(String name) {
    if (name == null) return null;
    var clean = name.replaceAll("\\p{Cntrl}", "?");
    return clean.length() <= MAX_NAME_CHARS ? clean : clean.substring(0, MAX_NAME_CHARS) + "…";
  }

  private static String quoted(String name) {
    return name == null ? "-" : '"' + name(name).replace("\"", "'") + '"';
  }

  private static String count(long tokens) {
    return tokens < 0 ? "-" : String.valueOf(tokens);
  }

  private static String time(Duration time) {
    return time == null ? "-" : time.toMillis() + "ms";
  }
}
