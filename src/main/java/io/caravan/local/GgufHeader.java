package io.caravan.local;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Parses the header of a GGUF file: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md.
 * Arrays (vocabularies) are stepped over; of them only the length is kept.
 */
final class GgufHeader {

  private static final int MAGIC = 0x46554747;
  private static final int MAX_ENTRIES = 100_000;
  private static final int MAX_DIMENSIONS = 4;
  private static final int MAX_ALIGNMENT = 1 << 20;
  private static final int[] SCALAR_BYTES = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};
  private static final int STRING = 8;
  private static final int ARRAY = 9;

  final Map<String, Object> values = new HashMap<>();
  final Map<String, Long> elementsByType = new TreeMap<>();
  long parameters;
  long neededBytes;

  private final GgufInput in;

  GgufHeader(GgufInput in) throws IOException {
    this.in = in;
    if (in.size() == 0) throw GgufException.truncated("the file is empty");
    if (in.size() < 24 || in.int32() != MAGIC) throw new GgufException("not a GGUF file");
    int version = in.int32();
    if (version < 2 || version > 3) throw new GgufException("unsupported GGUF version " + version);
    long tensors = in.count("tensors", MAX_ENTRIES);
    long entries = in.count("metadata entries", MAX_ENTRIES);
    for (long i = 0; i < entries; i++) values.put(in.string(), value(in.int32(), 0));
    boolean split = number("split.count", 1) > 1; // then the first part may hold none
    if (tensors == 0 && !split) throw new GgufException("the file holds no weights");
    try {
      readTensors(tensors);
    } catch (ArithmeticException e) {
      throw new GgufException("corrupt header: impossible tensor sizes");
    }
  }

  long number(String key, long absent) {
    return values.get(key) instanceof Number number ? number.longValue() : absent;
  }

  String text(String key) {
    return values.get(key) instanceof String text ? text : "";
  }

  private Object value(int type, int depth) throws IOException {
    return switch (type) {
      case 0 -> in.int8() & 0xff;
      case 1 -> (int) in.int8();
      case 2 -> in.int16() & 0xffff;
      case 3 -> (int) in.int16();
      case 4 -> in.int32() & 0xffffffffL;
      case 5 -> in.int32();
      case 6 -> Float.intBitsToFloat(in.int32());
      case 7 -> in.int8() != 0;
      case STRING -> in.string();
      case ARRAY -> arrayLength(depth);
      case 10, 11 -> in.int64();
      case 12 -> Double.longBitsToDouble(in.int64());
      default -> throw new GgufException("corrupt header: value type " + type);
    };
  }

  private Long arrayLength(int depth) throws IOException {
    if (depth > 2) throw new GgufException("corrupt header: arrays nested too deeply");
    int type = in.int32();
    long length = in.count("array elements", in.size());
    if (type < 0 || type >= SCALAR_BYTES.length) {
      throw new GgufException("corrupt header: array of type " + type);
    }
    if (SCALAR_BYTES[type] > 0) in.skip(length * SCALAR_BYTES[type]);
    else for (long i = 0; i < length; i++) skipElement(type, depth);
    return length;
  }

  private void skipElement(int type, int depth) throws IOException {
    if (type == STRING) in.skipString();
    else arrayLength(depth + 1);
  }

  private void readTensors(long count) throws IOException {
    long dataBytes = 0;
    for (long i = 0; i < count; i++) {
      in.skipString();
      long elements = elements();
      var type = GgufType.ofTensor(in.int32());
      long offset = in.count("bytes before a tensor", Long.MAX_VALUE);
      parameters = Math.addExact(parameters, elements);
      elementsByType.merge(type.name(), elements, Long::sum);
      long blocks = blocks(elements, type.elements());
      dataBytes =
          Math.max(dataBytes, Math.addExact(offset, Math.multiplyExact(blocks, type.bytes())));
    }
    neededBytes = Math.addExact(dataStart(), dataBytes);
    if (neededBytes > in.size()) {
      throw GgufException.truncated("needs " + neededBytes + " bytes, the file has " + in.size());
    }
  }

  private long elements() throws IOException {
    int dimensions = in.int32();
    if (dimensions < 0 || dimensions > MAX_DIMENSIONS) {
      throw new GgufException("corrupt header: a tensor of " + dimensions + " dimensions");
    }
    long elements = 1;
    for (int i = 0; i < dimensions; i++) {
      elements = Math.multiplyExact(elements, in.count("numbers in a tensor", Long.MAX_VALUE));
    }
    return elements;
  }

  private long dataStart() throws GgufException {
    long alignment = number("general.alignment", 32);
    if (alignment <= 0 || alignment > MAX_ALIGNMENT) {
      throw new GgufException("corrupt header: alignment " + alignment);
    }
    return blocks(in.position(), alignment) * alignment;
  }

  private static long blocks(long numbers, long perBlock) {
    return Math.addExact(numbers, perBlock - 1) / perBlock;
  }
}
