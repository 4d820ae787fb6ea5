package io.caravan.files;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpaceTest {

  @Test
  void namesTheRoomThatStaysFree(@TempDir Path folder) throws Exception {
    long free = Files.getFileStore(folder).getUsableSpace();
    assertThatThrownBy(() -> Space.check(folder, 2 * free))
        .hasMessageContaining(2 * free + " bytes are to be written")
        .hasMessageContaining((64 << 20) + " to stay free");
  }
}
