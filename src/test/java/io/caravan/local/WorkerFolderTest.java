package io.caravan.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerFolderTest {

  @TempDir Path temporary;

  @Test
  void whatWasLeftBehindIsDeletedAndNothingElse() throws Exception {
    var left = folder("caravan-worker-1");
    Files.createFile(left.resolve("lock"));
    Files.createFile(left.resolve("libjllama.so"));
    var young = folder("caravan-worker-2");
    var old = folder("caravan-worker-3");
    var report = Files.createFile(temporary.resolve("caravan-worker-crash-7.log"));
    var longAgo = FileTime.from(Instant.now().minusSeconds(3600));
    Files.setLastModifiedTime(old, longAgo);
    Files.setLastModifiedTime(report, longAgo);
    var others = folder("caravan-something");
    WorkerFolder.sweep(temporary);
    assertThat(left).doesNotExist();
    assertThat(old).doesNotExist();
    assertThat(report).doesNotExist();
    assertThat(young).exists();
    assertThat(others).exists();
  }

  @Test
  void oneThatIsInUseStaysUntilItIsDeleted() throws Exception {
    var folder = WorkerFolder.make();
    Files.writeString(folder.crashReport(), "#  SIGSEGV (0xb) at pc=0x1\n# C  [x.so+0x2]\n");
    WorkerFolder.sweep(folder.path().getParent());
    assertThat(folder.crashReport()).exists();
    folder.delete("a");
    assertThat(folder.path()).doesNotExist();
  }

  private Path folder(String name) throws Exception {
    return Files.createDirectory(temporary.resolve(name));
  }
}
