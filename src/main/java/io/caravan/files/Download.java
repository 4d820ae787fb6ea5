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

  private final ModelFile file;
  private final Path folder;
  private final Hub hub;
  private final String sha256;
  private final boolean anew;
  private final Executor executor;
  private Listener<ObjectNode> listener;
  private volatile InputStream reading;
  private volatile boolean cancelled;

  /**
   * @param sha256 what the file's checksum must be, null if the client does not say
   * @param anew whether a file that is there is replaced
   */
  Download(ModelFile file, Path folder, Hub hub, String sha256, boolean anew, Executor executor) {
    this.file = file;
    this.folder = folder;
    this.hub = hub;
    this.sha256 = sha256;
    this.anew = anew;
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
    Files.createDirectories(folder);
    var whole = folder.resolve(file.name());
    if (!anew && Files.exists(whole)) {
      check(Sha256.of(whole).hex(), sha256, "The file that is there already");
      return;
    }
    var part = new PartFile(whole);
    var source = file.source().toString();
    var tag = part.tag(source);
    var remote = open(tag == null ? 0 : part.size(), tag, part);
    try (var bytes = remote.bytes()) {
      reading = bytes;
      if (cancelled) return;
      if (remote.from() == 0) part.begin(source, remote.tag());
      Space.check(folder, Math.max(0, remote.total() - remote.from()));
      finish(part, remote, new Receipt(part, remote, this::tell).receive());
    }
  }

  /** A server that does not have the rest has another file by now, or no rest. */
  private Remote open(long from, String tag, PartFile part) throws IOException {
    try {
      return Remote.open(file.source(), hub, from, tag);
    } catch (GatewayException.UpstreamFailed e) {
      if (e.error().status() != 416) throw e;
      part.delete();
      return Remote.open(file.source(), hub, 0, null);
    }
  }

  private void finish(PartFile part, Remote remote, String sum) throws IOException {
    try {
      check(sum, sha256, "The file");
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
