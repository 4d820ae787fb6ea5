"""Writes GGUF files, version 3: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md"""

import struct

import numpy as np

U32, I32, F32, BOOL, STRING, ARRAY = 4, 5, 6, 7, 8, 9
ALIGNMENT = 32
BLOCK = 32
TYPES = {"F32": 0, "F16": 1, "Q8_0": 8}
_FORMATS = {U32: "<I", I32: "<i", F32: "<f", BOOL: "<?"}


def write(path, entries, tensors):
    """Writes a model.

    entries: (key, type, value); the type of a list is (ARRAY, type of its elements).
    tensors: (name, type name, array), with the array's last dimension as the fastest one.
    """
    with open(path, "wb") as file:
        file.write(b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(entries)))
        for key, kind, value in entries:
            file.write(_text(key) + _entry(kind, value))
        offset = 0
        blobs = []
        for name, kind, array in tensors:
            dimensions = [struct.pack("<Q", size) for size in reversed(array.shape)]
            head = struct.pack("<I", len(dimensions)) + b"".join(dimensions)
            file.write(_text(name) + head + struct.pack("<IQ", TYPES[kind], offset))
            blob = _encode(array, kind)
            blobs.append(blob + bytes(-len(blob) % ALIGNMENT))
            offset += len(blobs[-1])
        file.write(bytes(-file.tell() % ALIGNMENT))
        file.writelines(blobs)


def _text(text):
    encoded = text.encode()
    return struct.pack("<Q", len(encoded)) + encoded


def _value(kind, value):
    return _text(value) if kind == STRING else struct.pack(_FORMATS[kind], value)


def _entry(kind, value):
    if not isinstance(kind, tuple):
        return struct.pack("<I", kind) + _value(kind, value)
    element = kind[1]
    head = struct.pack("<IIQ", ARRAY, element, len(value))
    return head + b"".join(_value(element, item) for item in value)


def _encode(array, kind):
    if kind == "F32":
        return array.astype(np.float32).tobytes()
    if kind == "F16":
        return array.astype(np.float16).tobytes()
    return _q8_0(array)


def _q8_0(array):
    """Blocks of 32 numbers: a scale of 16 bits, then a signed byte for each number."""
    blocks = np.ascontiguousarray(array).reshape(-1, BLOCK).astype(np.float32)
    scale = np.abs(blocks).max(1) / 127
    inverse = np.where(scale > 0, 1 / np.where(scale > 0, scale, 1), 0)
    out = np.empty((len(blocks), 2 + BLOCK), np.uint8)
    out[:, :2] = scale.astype(np.float16).view(np.uint8).reshape(-1, 2)
    out[:, 2:] = np.rint(blocks * inverse[:, None]).astype(np.int8).view(np.uint8)
    return out.tobytes()
