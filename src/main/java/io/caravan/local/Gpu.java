package io.caravan.local;

/**
 * What computes; empty or -1 for the engine's own choice.
 *
 * @param layers how many layers go to graphics cards
 * @param main the card for what is not split
 * @param devices names as {@code llama-server --list-devices} has them
 * @param flashAttention on, off or auto
 */
record Gpu(int layers, int main, String devices, String flashAttention) {

  static final Gpu ENGINES_CHOICE = new Gpu(-1, -1, "", "auto");
}
