package io.caravan.local;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Lines as llama.cpp writes them while it loads. */
class LoadLogTest {

  private final LoadLog log =
      new LoadLog(new Placement("jllama", Placement.UNKNOWN, 0, 3, "it has not told", 2, 2048, 1));

  @Test
  void aGraphicsCardIsTold() {
    log.read("llama_model_load_from_file: using device CUDA0 (NVIDIA H100) - 80000 MiB free");
    log.read("load_tensors: offloaded 4/4 layers to GPU");
    log.read("load_tensors:   CPU_Mapped model buffer size =     1.97 MiB");
    assertThat(log.placement().device()).isEqualTo("CUDA0 (NVIDIA H100)");
    assertThat(log.placement().layersOnGpu()).isEqualTo(4);
    assertThat(log.placement().reason()).isNull();
  }

  @Test
  void noLayerOnACardIsTheProcessor() {
    log.read("load_tensors: offloaded 0/4 layers to GPU");
    assertThat(log.placement().device()).isEqualTo("CPU");
    assertThat(log.placement().reason()).contains("gpu-layers");
  }

  @Test
  void aLibraryWithoutCardsTellsOfItsMemory() {
    log.read("load_tensors:   CPU_Mapped model buffer size =     1.97 MiB");
    assertThat(log.placement().device()).isEqualTo("CPU");
  }

  @Test
  void whatWasNotToldIsNotKnown() {
    assertThat(log.read("main: model loaded")).isFalse();
    assertThat(log.placement().isUnknown()).isTrue();
  }
}
