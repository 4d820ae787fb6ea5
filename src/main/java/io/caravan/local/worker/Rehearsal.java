package io.caravan.local.worker;

import io.caravan.local.Gguf;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Requests of the worker to itself before the gateway sends any. The first one brings some hundred
 * classes with it, which takes a quarter of a second: better now than before a client's first word.
 */
final class Rehearsal {

  private static final int ROUNDS = 3;
  private static final Duration ENOUGH = Duration.ofMillis(300);
  private static final Duration LIMIT = Duration.ofSeconds(2);

  /** No chat: a template is a program, and whether it runs is to be found out by who wants it. */
  private static final String BODY = "{\"prompt\":\"a\",\"max_tokens\":2,\"stream\":true}";

  private static final String REQUEST =
      "POST /v1/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
          + "Content-Type: application/json\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n"
          + BODY;

  private Rehearsal() {}

  /** Returns when all are answered, or one is not in time: then the model is a slow one. */
  static void run(Llama llama, int port, String secret) {
    if (llama.gguf().kind() != Gguf.Kind.CHAT) return;
    var request = String.format(REQUEST, secret, BODY.length());
    long enough = System.nanoTime() + ENOUGH.toNanos();
    try {
      for (int i = 0; i < ROUNDS && System.nanoTime() < enough; i++) ask(port, request);
    } catch (IOException late) {
      // it ends by itself, for it wants two tokens only
    }
    llama.memory().forget();
  }

  private static void ask(int port, String request) throws IOException {
    long end = System.nanoTime() + LIMIT.toNanos();
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout((int) LIMIT.toMillis());
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      while (socket.getInputStream().read() >= 0) {
        if (System.nanoTime() > end) throw new SocketException("late");
      }
    }
  }
}
