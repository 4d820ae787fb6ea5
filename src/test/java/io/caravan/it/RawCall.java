package io.caravan.it;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A call by hand over a socket: reads an answer event by event as it comes, and can leave at any
 * moment.
 */
final class RawCall implements AutoCloseable {

  private final Socket socket;
  private final InputStream in;
  private final Map<String, String> headers = new LinkedHashMap<>();
  private int status;
  private int left;

  private RawCall(PackagedGateway gateway) throws IOException {
    socket = new Socket("127.0.0.1", gateway.port());
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) Await.PATIENCE.toMillis());
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** Sends bytes as they are. */
  static RawCall sending(PackagedGateway gateway, String bytes) throws IOException {
    var call = new RawCall(gateway);
    call.send(bytes);
    return call;
  }

  /** Posts JSON; reads nothing yet. */
  static RawCall post(PackagedGateway gateway, String path, String json) throws IOException {
    return sending(gateway, head(path, json.getBytes(StandardCharsets.UTF_8).length) + json);
  }

  /** Posts a streamed chat request. */
  static RawCall streamedChat(PackagedGateway gateway, String model) throws IOException {
    return post(gateway, "/v1/chat/completions", Requests.streamedChat(model));
  }

  static String head(String path, int length) {
    return "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
        .formatted(path, length);
  }

  void send(String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
  }

  /** Sends chunks of a chunked body until the other side has answered or closed. */
  void sendChunksUntilAnswered(int size, int atMost) throws IOException {
    var chunk = Integer.toHexString(size) + "\r\n" + "a".repeat(size) + "\r\n";
    for (int i = 0; i < atMost && in.available() == 0; i++) {
      try {
        send(chunk);
      } catch (java.net.SocketException closed) {
        return;
      }
    }
  }

  /** Sends some more, and says whether the other side has answered by now. */
  boolean isAnsweredAfter(String more) throws IOException {
    if (in.available() == 0) send(more);
    return in.available() > 0;
  }

  /** Waits until the other side closes the connection; what it still said. */
  String rest() throws IOException {
    var rest = new ByteArrayOutputStream();
    try {
      for (int b = in.read(); b >= 0; b = in.read()) rest.write(b);
    } catch (java.net.SocketException reset) {
      // closed as well
    }
    return rest.toString(StandardCharsets.UTF_8);
  }

  /** Waits for the head of the answer. */
  int status() throws IOException {
    if (status != 0) return status;
    status = Integer.parseInt(line().split(" ")[1]);
    for (var line = line(); !line.isEmpty(); line = line()) {
      var parts = line.split(":", 2);
      headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1].strip());
    }
    return status;
  }

  /** Waits for the head of the next answer on the same connection. */
  int nextStatus() throws IOException {
    status = 0;
    headers.clear();
    return status();
  }

  /** Waits until the other side closes the connection, whatever it still says. */
  void awaitClosed() throws IOException {
    rest();
  }

  String header(String name) throws IOException {
    status();
    return headers.get(name);
  }

  /** Waits for the next event, without its blank line; null at the end of a whole answer. */
  String event() throws IOException {
    status();
    var event = new ByteArrayOutputStream();
    int last = 0;
    for (int b = read(); b >= 0; b = read()) {
      if (b == '\n' && last == '\n') return event.toString(StandardCharsets.UTF_8).strip();
      event.write(b);
      last = b;
    }
    if (event.size() > 0) throw new EOFException("half an event: " + event);
    return null;
  }

  /** The whole body of the answer. */
  String text() throws IOException {
    status();
    var text = new ByteArrayOutputStream();
    for (int b = read(); b >= 0; b = read()) {
      text.write(b);
      if (left == 0 && !headers.containsKey("transfer-encoding")) break;
    }
    return text.toString(StandardCharsets.UTF_8);
  }

  /** All events that are still to come. */
  java.util.List<String> events() throws IOException {
    var events = new java.util.ArrayList<String>();
    for (var event = event(); event != null; event = event()) events.add(event);
    return events;
  }

  /** Closes the connection without a word. */
  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** One byte of the body; -1 behind the last one. */
  private int read() throws IOException {
    boolean chunked = "chunked".equals(headers.get("transfer-encoding"));
    if (left == 0) {
      left = chunked ? Integer.parseInt(line(), 16) : Integer.parseInt(takeLength());
      if (left == 0) return -1;
    }
    int b = in.read();
    if (b < 0) throw new EOFException("the connection was closed inside the answer");
    if (--left == 0 && chunked) line();
    return b;
  }

  private String takeLength() {
    var length = headers.remove("content-length");
    return length == null ? "0" : length;
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) throw new EOFException("the connection was closed");
      if (b != '\r') line.write(b);
    }
    return line.toString(StandardCharsets.UTF_8);
  }
}
