#!/usr/bin/env python3
"""Makes the models that come with Caravan; see README.md."""

import argparse
import pathlib

import numpy as np

import embedder
import network
from gguf import F32, STRING, U32, write
from training import train

CONTEXT = 2048
FILE_TYPE_Q8_0 = 7
NAMES = {
    "q": "attn_q", "k": "attn_k", "v": "attn_v", "o": "attn_output", "g": "ffn_gate", "u": "ffn_up",
    "d": "ffn_down",
}  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=660, help="training time (660)")
    parser.add_argument("--out", type=pathlib.Path, default="models", help="folder (models)")
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    embedder.make(asked.out / "tinyembed-f16.gguf")
    vocabulary, parameters = train(asked.seconds)
    template = pathlib.Path(__file__).with_name("template.jinja").read_text().replace("\n", "")
    entries = _entries() + vocabulary.entries(template)
    write(asked.out / "tinychat-2m-q8_0.gguf", entries, _tensors(parameters))


def _entries():
    model = "llama."
    return [
        ("general.architecture", STRING, "llama"),
        ("general.name", STRING, "tinychat"),
        ("general.size_label", STRING, "2M"),
        ("general.license", STRING, "apache-2.0"),
        ("general.file_type", U32, FILE_TYPE_Q8_0),
        ("general.quantization_version", U32, 2),
        (model + "context_length", U32, CONTEXT),
        (model + "embedding_length", U32, network.WIDTH),
        (model + "block_count", U32, network.LAYERS),
        (model + "feed_forward_length", U32, network.HIDDEN),
        (model + "attention.head_count", U32, network.HEADS),
        (model + "attention.head_count_kv", U32, network.KEY_HEADS),
        (model + "attention.layer_norm_rms_epsilon", F32, network.EPSILON),
        (model + "rope.dimension_count", U32, network.HEAD),
        (model + "rope.freq_base", F32, network.ROPE_BASE),
    ]


def _tensors(parameters):
    """Matrices are kept transposed here: llama.cpp wants a row for each output."""
    tensors = [("token_embd.weight", "Q8_0", parameters["emb"])]
    for layer in range(network.LAYERS):
        for norm, name in (("n1", "attn_norm"), ("n2", "ffn_norm")):
            tensors.append((f"blk.{layer}.{name}.weight", "F32", parameters[f"{layer}.{norm}"]))
        for short, name in NAMES.items():
            matrix = np.ascontiguousarray(parameters[f"{layer}.{short}"].T)
            tensors.append((f"blk.{layer}.{name}.weight", "Q8_0", matrix))
    return tensors + [("output_norm.weight", "F32", parameters["nf"])]


if __name__ == "__main__":
    main()
