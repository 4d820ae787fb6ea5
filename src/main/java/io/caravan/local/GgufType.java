package io.caravan.local;

import java.util.List;
import java.util.Map;

/**
 * How a tensor's numbers are stored: blocks of {@code elements} numbers in {@code bytes} bytes.
 * After {@code ggml.h} and {@code ggml-common.h} of llama.cpp.
 */
record GgufType(String name, int elements, int bytes) {

  private static final Map<Integer, GgufType> TENSORS =
      Map.ofEntries(
          type(0, "F32", 1, 4),
          type(1, "F16", 1, 2),
          type(2, "Q4_0", 32, 18),
          type(3, "Q4_1", 32, 20),
          type(6, "Q5_0", 32, 22),
          type(7, "Q5_1", 32, 24),
          type(8, "Q8_0", 32, 34),
          type(9, "Q8_1", 32, 36),
          type(10, "Q2_K", 256, 84),
          type(11, "Q3_K", 256, 110),
          type(12, "Q4_K", 256, 144),
          type(13, "Q5_K", 256, 176),
          type(14, "Q6_K", 256, 210),
          type(15, "Q8_K", 256, 292),
          type(16, "IQ2_XXS", 256, 66),
          type(17, "IQ2_XS", 256, 74),
          type(18, "IQ3_XXS", 256, 98),
          type(19, "IQ1_S", 256, 50),
          type(20, "IQ4_NL", 32, 18),
          type(21, "IQ3_S", 256, 110),
          type(22, "IQ2_S", 256, 82),
          type(23, "IQ4_XS", 256, 136),
          type(24, "I8", 1, 1),
          type(25, "I16", 1, 2),
          type(26, "I32", 1, 4),
          type(27, "I64", 1, 8),
          type(28, "F64", 1, 8),
          type(29, "IQ1_M", 256, 56),
          type(30, "BF16", 1, 2),
          type(34, "TQ1_0", 256, 54),
          type(35, "TQ2_0", 256, 66),
          type(39, "MXFP4", 32, 17));

  /**
   * {@code general.file_type}: the recipe by which the whole file was quantised; gaps are retired.
   */
  private static final List<String> FILES =
      List.of(
          "F32", "F16", "Q4_0", "Q4_1", "", "", "", "Q8_0", "Q5_0", "Q5_1", "Q2_K", "Q3_K_S",
          "Q3_K_M", "Q3_K_L", "Q4_K_S", "Q4_K_M", "Q5_K_S", "Q5_K_M", "Q6_K", "IQ2_XXS", "IQ2_XS",
          "Q2_K_S", "IQ3_XS", "IQ3_XXS", "IQ1_S", "IQ4_NL", "IQ3_S", "IQ3_M", "IQ2_S", "IQ2_M",
          "IQ4_XS", "IQ1_M", "BF16", "", "", "", "TQ1_0", "TQ2_0", "MXFP4");

  static GgufType ofTensor(int number) throws GgufException {
    var type = TENSORS.get(number);
    if (type == null)
      throw new GgufException("unknown tensor type " + Integer.toUnsignedString(number));
    return type;
  }

  /** The name of a {@code general.file_type}, empty if it is none that we know. */
  static String ofFile(long number) {
    return number >= 0 && number < FILES.size() ? FILES.get((int) number) : "";
  }

  private static Map.Entry<Integer, GgufType> type(
      int number, String name, int elements, int bytes) {
    return Map.entry(number, new GgufType(name, elements, bytes));
  }
}
