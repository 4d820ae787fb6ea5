package bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.vertx.core.buffer.Buffer;

/** The bytes of the benchmark: what the clients ask and what the upstream answers. */
final class Wire {

  /**
   * Surrounds an event's number and sending time, {@code @number:nanoseconds@}; occurs nowhere
   * else.
   */
  static final byte MARK = '@';

  static final String MODEL = "bench~bench";

  static final Buffer MODELS =
      Buffer.buffer(
          "{\"object\":\"list\",\"data\":[{\"id\":\"bench\",\"object\":\"model\",\"created\":1700000000,"
              + "\"owned_by\":\"bench\"}]}");

  static final Buffer COMPLETION =
      Buffer.buffer(
          "{\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion\",\"created\":1700000000,"
              + "\"model\":\"bench\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
              + "\"content\":\"A caravan is a group of travellers who cross a dangerous country "
              + "together. It moves at the pace of its slowest animal, rests where there is water, "
              + "and reaches its end because each of its members carries a part of the load.\","
              + "\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":"
              + "{\"prompt_tokens\":42,\"completion_tokens\":47,\"total_tokens\":89},"
              + "\"system_fingerprint\":\"fp_bench\"}");

  static final Buffer ROLE = chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null");
  static final Buffer FINISH = chunk("{}", "\"stop\"").appendString("data: [DONE]\n\n");

  static final String EVENTS = "events=";
  static final String EVERY = "every=";

  private static final byte[] EVENT =
      chunk("{\"content\":\"@000000:0000000000000000@\"}", "null").getBytes();
  private static final int NUMBER_END = new String(EVENT, US_ASCII).indexOf(':', find(MARK));
  private static final int TIME_END = NUMBER_END + 17;

  private Wire() {}

  /** A plain chat request, about 350 bytes of body. */
  static byte[] chatRequest() {
    return request(
        "{\"model\":\"bench~bench\",\"messages\":[{\"role\":\"system\",\"content\":\"You are a"
            + " helpful assistant who answers in a few plain"
            + " sentences.\"},{\"role\":\"user\",\"content\":\"What is a caravan, how fast does it"
            + " travel, and why do people join one? Answer for a reader who never saw a"
            + " desert.\"}],\"temperature\":0.7,\"top_p\":1,\"max_tokens\":256,"
            + "\"user\":\"bench\"}");
  }

  /** A stream of that many events; with 0 it sends the first and then waits. */
  static byte[] streamRequest(int events, int everyMs) {
    return request(
        "{\"model\":\"bench~bench\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\""
            + (EVENTS + events + " " + EVERY + everyMs)
            + "\"}]}");
  }

  /** The number behind a word of a stream request. */
  static int number(String body, String word) {
    int from = body.indexOf(word) + word.length();
    int to = from;
    while (Character.isDigit(body.charAt(to))) to++;
    return Integer.parseInt(body, from, to, 10);
  }

  /** The event of that number, stamped with the time of this call. */
  static Buffer event(int number) {
    var bytes = EVENT.clone();
    digits(bytes, NUMBER_END, number);
    digits(bytes, TIME_END, System.nanoTime());
    return Buffer.buffer(bytes);
  }

  private static void digits(byte[] bytes, int end, long value) {
    for (int i = end - 1; value > 0; i--, value /= 10) bytes[i] = (byte) ('0' + value % 10);
  }

  private static int find(byte wanted) {
    int i = 0;
    while (EVENT[i] != wanted) i++;
    return i;
  }

  /** The event that brings a text. */
  static Buffer text(String text) {
    return chunk("{\"content\":\"" + text + "\"}", "null");
  }

  /** A streamed chat with the model of a service. */
  static byte[] streamRequest(String model, String fallback) {
    return request(
        "{\"model\":\""
            + model
            + "\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]"
            + (fallback == null ? "" : ",\"fallbacks\":[\"" + fallback + "\"]")
            + "}");
  }

  private static Buffer chunk(String delta, String finish) {
    return Buffer.buffer(
        "data:"
            + " {\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,"
            + "\"model\":\"bench\",\"choices\":[{\"index\":0,\"delta\":"
            + delta
            + ",\"logprobs\":null,\"finish_reason\":"
            + finish
            + "}]}\n\n");
  }

  private static byte[] request(String body) {
    return ("POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: */*\r\n"
            + "content-type: application/json\r\ncontent-length: "
            + body.length()
            + "\r\n\r\n"
            + body)
        .getBytes(US_ASCII);
  }
}
