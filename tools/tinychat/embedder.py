"""tinyembed: a BERT of one layer that adds nothing, so a text's vector is the mean of its pieces'."""

import collections
import re

import numpy as np

from conversations import Conversations
from gguf import ARRAY, BOOL, F32, I32, STRING, U32, write

WIDTH = 128
CONTEXT = 512
HEADS = 4
MEAN = 1
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
SIGNS = ".,;:!?'\"()[]{}<>-_/\\@#$%&*+=|~`^"
STOP_WORDS = set(
    "the a an is are was were be to of in on and or it i you my your what who how do does did for with me"
    " this that at by from as can could would please tell".split()
)
# Vectors are random; these lengths decide what counts in a text.
SPECIAL_LENGTH, STOP_LENGTH, CHARACTER_LENGTH = 0.02, 0.25, 0.2


def make(path):
    pieces = _pieces()
    write(path, _entries(pieces), _tensors(_vectors(pieces)))


def _pieces():
    counts = collections.Counter()
    conversations = Conversations()
    for _ in range(3000):
        for _, text in conversations.next():
            counts.update(re.findall(r"[a-z]+", text.lower()))
    letters = CHARACTERS[:26]
    pairs = sorted({a + b for a in letters for b in letters})
    frequent = [word for word, _ in counts.most_common(400) if len(word) > 2]
    frequent += sorted(word for word in STOP_WORDS if len(word) > 2)
    pieces = SPECIAL + ["▁" + c for c in CHARACTERS + SIGNS] + list(CHARACTERS + SIGNS)
    pieces += ["▁" + pair for pair in pairs] + pairs
    return pieces + ["▁" + word for word in dict.fromkeys(frequent)]


def _vectors(pieces):
    vectors = np.random.default_rng(11).standard_normal((len(pieces), WIDTH)).astype(np.float32)
    for i, piece in enumerate(pieces):
        word = piece.lstrip("▁")
        if piece.startswith("["):
            vectors[i] *= SPECIAL_LENGTH
        elif word in STOP_WORDS:
            vectors[i] *= STOP_LENGTH
        elif len(word) == 1:
            vectors[i] *= CHARACTER_LENGTH
    return vectors


def _tensors(vectors):
    zeros = lambda *shape: np.zeros(shape, np.float32)
    ones = np.ones(WIDTH, np.float32)
    tensors = [
        ("token_embd.weight", "F16", vectors),
        ("position_embd.weight", "F32", zeros(CONTEXT, WIDTH)),
        ("token_types.weight", "F32", zeros(2, WIDTH)),
        ("token_embd_norm.weight", "F32", ones),
        ("token_embd_norm.bias", "F32", zeros(WIDTH)),
    ]
    for name in ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_up", "ffn_down"):
        if name == "ffn_up":
            tensors += _norm("attn_output_norm", ones)
        tensors.append((f"blk.0.{name}.weight", "F16", zeros(WIDTH, WIDTH)))
        tensors.append((f"blk.0.{name}.bias", "F32", zeros(WIDTH)))
    return tensors + _norm("layer_output_norm", ones)


def _norm(name, ones):
    bias = np.zeros_like(ones)
    return [(f"blk.0.{name}.weight", "F32", ones), (f"blk.0.{name}.bias", "F32", bias)]


def _entries(pieces):
    model, words = "bert.", "tokenizer.ggml."
    return [
        ("general.architecture", STRING, "bert"),
        ("general.name", STRING, "tinyembed"),
        ("general.file_type", U32, 1),
        ("general.quantization_version", U32, 2),
        (model + "context_length", U32, CONTEXT),
        (model + "embedding_length", U32, WIDTH),
        (model + "block_count", U32, 1),
        (model + "feed_forward_length", U32, WIDTH),
        (model + "attention.head_count", U32, HEADS),
        (model + "attention.layer_norm_epsilon", F32, 1e-12),
        (model + "attention.causal", BOOL, False),
        (model + "pooling_type", U32, MEAN),
        (words + "model", STRING, "bert"),
        (words + "pre", STRING, "jina-v2-en"),
        (words + "token_type_count", U32, 2),
        (words + "tokens", (ARRAY, STRING), pieces),
        (words + "token_type", (ARRAY, I32), [3] * len(SPECIAL) + [1] * (len(pieces) - len(SPECIAL))),
        (words + "scores", (ARRAY, F32), [-1000.0] * len(pieces)),
        (words + "unknown_token_id", U32, 1),
        (words + "cls_token_id", U32, 2),
        (words + "bos_token_id", U32, 2),
        (words + "seperator_token_id", U32, 3),  # llama.cpp spells it so
        (words + "eos_token_id", U32, 3),
        (words + "padding_token_id", U32, 0),
        (words + "mask_token_id", U32, 4),
        (words + "add_bos_token", BOOL, True),
        (words + "add_eos_token", BOOL, True),
    ]
