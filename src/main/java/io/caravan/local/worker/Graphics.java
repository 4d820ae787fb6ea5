package io.caravan.local.worker;

import de.kherud.llama.ModelParameters;

/** Graphics cards, for a library of llama.cpp that is the user's own build and can use them. */
final class Graphics {

  private Graphics() {}

  static boolean ownLibrary() {
    return System.getProperty("de.kherud.llama.lib.path") != null;
  }

  static void apply(ModelParameters parameters) {
    var layers = Integer.getInteger("caravan.local.gpu-layers");
    var main = Integer.getInteger("caravan.local.main-gpu");
    var devices = System.getProperty("caravan.local.devices");
    if (layers != null) parameters.setGpuLayers(layers);
    if (main != null) parameters.setMainGpu(main);
    if (devices != null) parameters.setDevices(devices);
  }
}
