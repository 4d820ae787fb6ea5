package bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/** Streams chats from a gateway or a worker, each on a thread and a connection that are kept. */
final class LocalClient implements AutoCloseable {

  private static final String BODY =
      "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}],\"stream\":true,"
          + "\"temperature\":1,\"seed\":1,\"max_tokens\":%d,\"logit_bias\":%s}";

  /** A chunk with text; the role's own chunk has none, or an empty one. */
  private static final Pattern TEXT = Pattern.compile("\"content\":\"[^\"]");

  private final int port;
  private final String model;
  private final String secret;
  private final String bias;
  private final List<Socket> sockets = new ArrayList<>();
  private final ExecutorService readers = Executors.newCachedThreadPool();

  /**
   * @param bias the tokens that are banned, as JSON
   */
  LocalClient(int port, String model, String secret, String bias) {
    this.port = port;
    this.model = model;
    this.secret = secret;
    this.bias = bias;
  }

  LocalRun run(int streams, int tokens) throws Exception {
    while (sockets.size() < streams) sockets.add(connect());
    for (int i = 0; i < streams; i++) if (isClosed(sockets.get(i))) sockets.set(i, connect());
    long begin = System.nanoTime();
    var firsts = new ArrayList<CompletableFuture<Long>>();
    for (var socket : sockets.subList(0, streams)) {
      firsts.add(CompletableFuture.supplyAsync(() -> stream(socket, tokens), readers));
    }
    for (var first : firsts) first.get();
    double seconds = (System.nanoTime() - begin) / 1e9;
    return new LocalRun(streams * tokens / seconds, (firsts.get(0).get() - begin) / 1e6);
  }

  private Socket connect() throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    return socket;
  }

  /** llama-server closes a connection after five seconds or a hundred requests. */
  private static boolean isClosed(Socket socket) throws IOException {
    socket.setSoTimeout(1);
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException open) {
      return false;
    } finally {
      socket.setSoTimeout(0);
    }
  }

  /** When the first text of the answer came. */
  private long stream(Socket socket, int tokens) {
    try {
      var body = String.format(BODY, model, Prompt.next(), tokens, bias).getBytes(UTF_8);
      var head =
          "POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
              + "authorization: Bearer %s\r\ncontent-length: %d\r\n\r\n";
      socket.getOutputStream().write(join(String.format(head, secret, body.length), body));
      return read(socket);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long read(Socket socket) throws IOException {
    var bytes = new byte[65_536];
    var tail = "";
    long first = 0;
    while (!tail.endsWith("\r\n0\r\n\r\n")) {
      int count = socket.getInputStream().read(bytes);
      if (count < 0) throw new IOException("the stream was cut short: " + tail);
      var text = new String(bytes, Math.max(0, count - 1000), Math.min(count, 1000), UTF_8);
      if (first == 0 && TEXT.matcher(text).find()) first = System.nanoTime();
      tail = (tail + text).substring(Math.max(0, tail.length() + text.length() - 2000));
    }
    if (tail.contains("\"finish_reason\":\"") && tail.contains("[DONE]")) return first;
    throw new IOException("no whole answer: " + tail);
  }

  private static byte[] join(String head, byte[] body) {
    var start = head.getBytes(UTF_8);
    var all = java.util.Arrays.copyOf(start, start.length + body.length);
    System.arraycopy(body, 0, all, start.length, body.length);
    return all;
  }

  @Override
  public void close() throws IOException {
    for (var socket : sockets) socket.close();
    readers.shutdownNow();
  }
}
