package io.caravan.files;

import io.caravan.errors.GatewayException;
import java.io.IOException;
import java.util.function.BiConsumer;

/**
 * The bytes of a file as they come.
 *
 * @param part where they go
 * @param progress hears how many are there, of how many or -1
 */
record Receipt(PartFile part, Remote remote, BiConsumer<Long, Long> progress) {

  private static final long TELL_NANOS = 200_000_000;

  /**
   * Takes in what comes.
   *
   * @return the checksum of the whole file
   * @throws GatewayException.BadAnswer if it ends too early; what has come is kept
   * @throws GatewayException.Conflict if it is no GGUF file
   */
  String receive() throws IOException {
    var sum = remote.from() > 0 ? Sha256.of(part.path()) : new Sha256();
    long done = remote.from();
    long told = 0;
    var buffer = new byte[1 << 16];
    progress.accept(done, remote.total());
    try (var out = part.append()) {
      if (done == 0) {
        var begin = begin();
        out.write(begin);
        sum.add(begin, begin.length);
        done = begin.length;
      }
      for (int read = read(buffer); read >= 0; read = read(buffer)) {
        out.write(buffer, 0, read);
        sum.add(buffer, read);
        done += read;
        if (System.nanoTime() - told < TELL_NANOS) continue;
        told = System.nanoTime();
        progress.accept(done, remote.total());
      }
    }
    if (remote.total() >= 0 && done < remote.total()) throw cut();
    progress.accept(done, Math.max(done, remote.total()));
    return sum.hex();
  }

  /** What a file begins with, before gigabytes of something else are fetched. */
  private byte[] begin() {
    try {
      var begin = remote.bytes().readNBytes(GgufMagic.LENGTH);
      if (begin.length < Math.min(GgufMagic.LENGTH, remote.total())) throw cut();
      GgufMagic.check(begin);
      return begin;
    } catch (IOException e) {
      throw cut();
    }
  }

  private int read(byte[] buffer) {
    try {
      return remote.bytes().read(buffer);
    } catch (IOException e) {
      throw cut();
    }
  }

  private static GatewayException cut() {
    return new GatewayException.BadAnswer("only a part of the file");
  }
}
