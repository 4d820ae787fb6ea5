package io.caravan.files;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.caravan.errors.GatewayException;
import io.caravan.errors.GatewayException.Conflict;
import io.caravan.json.Json;
import io.caravan.streaming.AnswerStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executor;

/**
 * One file on its way into the folder of local models, as progress. It goes on where an earlier
 * attempt ended, and appears under its name only when it is whole and right.
 */
final class Download implements AnswerStream<ObjectNode> {

  private final Order order;
  private final Hub hub;
  private final Executor executor;
  private Listener<ObjectNode> listener;
  private volatile InputStream reading;
  private volatile boolean cancelled;

  Download(Order order, Hub hub, Executor executor) {
    this.order = order;
    this.hub = hub;
    this.executor = executor;
  }

  @Override
  public void listen(Listener<ObjectNode> to) {
    listener = to;
    executor.execute(this::run);
  }

  @Override
  public void began() {
    // the job measures the silence
  }

  @Override
  public void pause() {
    // progress is small
  }

  @Override
  public void resume() {
    // see pause
  }

  @Override
  public void cancel() {
    cancelled = true;
    var open = reading;
    if (open == null) return;
    try {
      open.close();
    } catch (IOException e) {
      // it is not read any more in any case
    }
  }

  private void run() {
    try {
      transfer();
      if (!cancelled) listener.end();
    } catch (GatewayException e) {
      if (!cancelled) listener.fail(e);
    } catch (IOException e) {
      if (!cancelled) listener.fail(Space.failure(e));
    }
  }

  private void transfer() throws IOException {
    var whole = order.whole();
    Files.createDirectories(whole.getParent());
    if (!order.update() && Files.exists(whole)) {
      same(whole);
      return;
    }
    var part = new PartFile(whole);
    var source = order.source().toString();
    var tag = part.tag(source);
    var remote = open(tag == null ? 0 : part.size(), tag, part);
    try (part;
        var bytes = remote.bytes()) {
      reading = bytes;
      if (cancelled || part.isNoNews(source, remote)) return;
      if (remote.from() == 0) part.begin(source, remote.tag());
      Space.check(whole.getParent(), Math.max(0, remote.total() - remote.from()));
      finish(part, remote, receive(part, remote));
    }
  }

  /** A file of this name is there: it is the one that is wanted, or in its way. */
  private void same(Path whole) throws IOException {
    if (order.sha256() != null) {
      check(Sha256.of(whole).hex(), order.sha256(), "The file that is there already");
      return;
    }
    var origin = Origin.read(Origin.note(whole));
    if (origin == null || !origin.source().equals(order.source().toString()))
      throw ImportedFiles.exists(whole);
  }

  private String receive(PartFile part, Remote remote) throws IOException {
    try {
      return new Receipt(part, remote, this::tell).receive();
    } catch (Conflict e) {
      part.delete(); // it is no model, and will not become one
      throw e;
    }
  }

  /** A server that does not have the rest has another file by now, or no rest. */
  private Remote open(long from, String tag, PartFile part) throws IOException {
    try {
      return Remote.open(order.source(), hub, from, tag);
    } catch (GatewayException.UpstreamFailed e) {
      if (e.error().status() != 416) throw e;
      part.delete();
      return Remote.open(order.source(), hub, 0, null);
    }
  }

  private void finish(PartFile part, Remote remote, String sum) throws IOException {
    try {
      check(sum, order.sha256(), "The file");
      check(sum, remote.sha256(), "The file");
    } catch (Conflict e) {
      part.delete(); // the next attempt begins anew
      throw e;
    }
    part.finish();
  }

  private static void check(String actual, String wanted, String what) {
    if (wanted == null || wanted.equalsIgnoreCase(actual)) return;
    throw new Conflict(
        "%s has the SHA-256 %s, not %s.".formatted(what, actual, wanted), "checksum_mismatch");
  }

  private void tell(long done, long total) {
    if (cancelled) return;
    var progress = Json.object().put("stage", "downloading");
    if (total >= 0) progress.put("done", done).put("total", total);
    listener.next(progress);
  }
}
