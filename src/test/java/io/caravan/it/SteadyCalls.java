package io.caravan.it;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients that call without a pause until they are stopped, and remember what failed. */
final class SteadyCalls implements AutoCloseable {

  private final List<Thread> clients = new ArrayList<>();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final AtomicInteger answered = new AtomicInteger();
  private volatile boolean stopped;

  /** So many clients, each of which chats with the model. */
  SteadyCalls(PackagedGateway gateway, String model, int count) {
    for (int i = 0; i < count; i++) {
      var client = new Client(gateway.url());
      var thread = new Thread(() -> call(client, model), "steady-" + i);
      clients.add(thread);
      thread.start();
    }
    Await.until("the first calls are answered", () -> answered.get() > 10 * count);
  }

  private void call(Client client, String model) {
    while (!stopped) {
      try {
        var reply = client.chat(model, "");
        if (reply.status() == 200) answered.incrementAndGet();
        else failures.add(reply.status() + " " + reply.body());
      } catch (RuntimeException e) {
        failures.add(e.toString());
      }
    }
  }

  /** Waits until so many more calls were answered. */
  void more(int calls) {
    int goal = answered.get() + calls;
    Await.until(calls + " more calls", () -> answered.get() >= goal);
  }

  /** What went wrong so far; with the last call of each client once they are stopped. */
  List<String> failures() {
    return List.copyOf(failures);
  }

  @Override
  public void close() throws InterruptedException {
    stopped = true;
    for (var client : clients) client.join(Await.PATIENCE.toMillis());
  }
}
