package io.caravan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class AnnouncementTest {

  @Test
  void aModelsNameDoesNotSteerTheTerminal() {
    assertThat(Announcement.plain("a\u001b[2Jb\r\nc\u009b1m\u202ed\u2028e\u007f"))
        .isEqualTo("a?[2Jb??c?1m?d?e?");
  }

  @Test
  void leavesWhatPeopleRead() {
    assertThat(Announcement.plain("org/modèle-7b:q4_K 模型 🐪"))
        .isEqualTo("org/modèle-7b:q4_K 模型 🐪");
  }

  @Test
  void theCommandToTryStaysOneCommand() {
    assertThat(Announcement.tried(List.of("a~x'; ls; '", "a~\"", "a~b\\", "a~ok")))
        .isEqualTo("a~ok");
    assertThat(Announcement.tried(List.of("a~'"))).isEqualTo("service~model");
  }
}
