package io.caravan.it;

import static io.caravan.it.Requests.json;

import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A service for each fault of docs/reliability.md; the model's name chooses the fault. */
final class Faults {

  static final List<String> WORDS = List.of("alpha ", "beta ", "gamma ", "delta");
  static final String TEXT = String.join("", WORDS);

  private final Map<String, AtomicInteger> attempts = new ConcurrentHashMap<>();

  /** Answers a call of the service {@code main} as its model's fault wants it. */
  void main(FakeCall call) {
    var fault = call.tree().path("model").asText();
    int attempt =
        attempts
            .computeIfAbsent(call.header("x-request-id"), any -> new AtomicInteger())
            .incrementAndGet();
    switch (fault) {
      case "rate-limited-once" -> once(call, attempt, () -> limited(call, "1"));
      case "retry-after-date" -> once(call, attempt, () -> limited(call, inTwoSeconds()));
      case "rate-limited" -> limited(call, "1");
      case "rate-limited-long" -> limited(call, "3600");
      case "one-500" -> once(call, attempt, () -> call.json(500, error("boom", null)));
      case "unavailable" -> call.json(503, error("down", null));
      case "reset" -> call.reset();
      case "silent" -> {}
      case "no-key" -> call.json(401, error("who?", "invalid_api_key"));
      case "no-model" -> call.json(404, error("no such model", "model_not_found"));
      case "no-credit" -> call.json(400, error("Your credit balance is too low", null));
      case "no-message" -> call.json(200, json("{'object':'chat.completion','choices':[{}]}"));
      case "no-answer" -> call.answer(200, "text/html", "<html>hello</html>");
      case "error-in-200" ->
          call.json(200, json("{'error':{'message':'oh','type':'server_error','code':500}}"));
      case "too-long" -> call.json(400, error("too long", "context_length_exceeded"));
      case "filtered" -> call.json(400, error("no", "content_filter"));
      case "no-choices" -> call.json(200, json("{'object':'chat.completion','choices':[]}"));
      case "half" -> half(call);
      case "trickling" -> trickle(call.stream("application/json").send("{"), " ");
      case "newlines" -> trickle(call.stream("application/json"), "\n");
      case "unfinished" ->
          call.json(
              200,
              json(
                  "{'object':'chat.completion','choices':[{'index':0,'message':"
                      + "{'role':'assistant','content':'alpha'},'finish_reason':null}]}"));
      case "busy" -> call.json(503, error("no replica with such a context window is free", null));
      case "wrong" -> call.json(422, error("wrong", null));
      default -> stream(call, fault);
    }
  }

  private static void half(FakeCall call) {
    if (call.tree().path("stream").asBoolean()) call.stream().event(role());
    else call.stream("application/json").send("{\"choices\":[");
  }

  private static void trickle(FakeCall call, String piece) {
    for (int i = 0; i < 60; i++) {
      Await.time(1000);
      call.response().write(piece);
    }
  }

  private static String role() {
    return json(
        "{'object':'chat.completion.chunk','choices':[{'index':0,'delta':{'role':'assistant'}}]}");
  }

  private static void stream(FakeCall call, String fault) {
    if (fault.equals("slow")) {
      Await.time(17_000);
      answer(call, "main");
      return;
    }
    call.stream();
    switch (fault) {
      case "head-only" -> {}
      case "empty" -> call.end();
      case "malformed" -> {
        words(call, "main", 0, 2).event("{\"choices\":[{\"delta\":{\"cont");
        words(call, "main", 2, 4).event(finish("main")).event("[DONE]").end();
      }
      case "no-done" -> words(call, "main", 0, 4).event(finish("main")).end();
      case "done-early" -> words(call, "main", 0, 2).event("[DONE]").end();
      case "no-finish" -> words(call, "main", 0, 2).end();
      case "stalled" -> words(call, "main", 0, 2);
      case "dripping" -> trickle(words(call, "main", 0, 2).send("data: "), "{");
      case "blank" -> trickle(words(call, "main", 0, 2), "\n");
      case "comments" -> trickle(words(call, "main", 0, 2), ": keepalive\n\n");
      case "finish-error" ->
          words(call, "main", 0, 2)
              .event(finish("main").replace("stop", "error"))
              .event("[DONE]")
              .end();
      case "failed" ->
          words(call, "main", 0, 2)
              .event(json("{'error':{'message':'oh','type':'server_error','code':500}}"))
              .end();
      default -> words(call, "main", 0, 2).close();
    }
  }

  /** Answers whole or streamed, as the request wants it. */
  static void answer(FakeCall call, String by) {
    if (!call.tree().path("stream").asBoolean()) {
      var usage = json("{'prompt_tokens':3,'completion_tokens':4,'total_tokens':7}");
      call.json(
          200,
          json(
              "{'id':'x','object':'chat.completion','created':5,'model':'m','system_fingerprint':'%s',"
                      .formatted(by)
                  + "'choices':[{'index':0,'message':{'role':'assistant','content':'%s'},"
                      .formatted(TEXT)
                  + "'finish_reason':'stop'}],'usage':"
                  + usage
                  + "}"));
      return;
    }
    words(call.stream(), by, 0, 4).event(finish(by)).event("[DONE]").end();
  }

  /** Goes on where the request's last message ends. */
  static void goOn(FakeCall call) {
    var messages = call.tree().path("messages");
    var last = messages.path(messages.size() - 1);
    boolean begun = last.path("role").asText().equals("assistant");
    var said = begun ? last.path("content").asText() : "";
    call.stream().event(chunk("going-on", TEXT.substring(said.length())));
    call.event(finish("going-on")).event("[DONE]").end();
  }

  /** Wants no beginning of an answer. */
  static void refuse(FakeCall call) {
    var messages = call.tree().path("messages");
    var role = messages.path(messages.size() - 1).path("role").asText();
    if (role.equals("assistant")) call.json(400, error("prefill is not supported", null));
    else answer(call, "refusing");
  }

  /** Fails where it is to go on, as a server whose template does not allow that. */
  static void fail(FakeCall call) {
    var messages = call.tree().path("messages");
    var role = messages.path(messages.size() - 1).path("role").asText();
    if (role.equals("assistant")) call.json(500, error("turns must alternate", null));
    else answer(call, "failing");
  }

  static void sayOther(FakeCall call) {
    call.stream().event(chunk("spare", "omega")).event(finish("spare")).event("[DONE]").end();
  }

  /** The first half of a streamed answer. */
  static void begin(FakeCall call) {
    words(call.stream(), "main", 0, 2);
  }

  /** The first half, and the connection is closed. */
  static void breakOff(FakeCall call) {
    begin(call);
    call.close();
  }

  /** The second half of it. */
  static void end(FakeCall call) {
    words(call, "main", 2, 4).event(finish("main")).event("[DONE]").end();
  }

  private static FakeCall words(FakeCall call, String by, int from, int to) {
    for (int i = from; i < to; i++) call.event(chunk(by, WORDS.get(i)));
    return call;
  }

  private static String chunk(String by, String text) {
    return json(
        "{'id':'x','object':'chat.completion.chunk','created':5,'model':'m','system_fingerprint':'%s',"
                .formatted(by)
            + "'choices':[{'index':0,'delta':{'content':'%s'},'finish_reason':null}]}"
                .formatted(text));
  }

  private static String finish(String by) {
    return json(
        "{'id':'x','object':'chat.completion.chunk','created':5,'model':'m','system_fingerprint':'%s',"
                .formatted(by)
            + "'choices':[{'index':0,'delta':{},'finish_reason':'stop'}]}");
  }

  private static void once(FakeCall call, int attempt, Runnable fault) {
    if (attempt == 1) fault.run();
    else answer(call, "main");
  }

  private static void limited(FakeCall call, String retryAfter) {
    call.json(429, error("slow down", "rate_limit_exceeded"), "Retry-After", retryAfter);
  }

  private static String inTwoSeconds() {
    var date = ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(2);
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(date);
  }

  static String error(String message, String code) {
    var quoted = code == null ? "null" : "'" + code + "'";
    return json("{'error':{'message':'%s','type':null,'code':%s}}".formatted(message, quoted));
  }
}
