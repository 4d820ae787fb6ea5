"""A vocabulary of pieces learned by byte-pair encoding, in the form that llama.cpp calls SPM."""

import collections
import functools
import re

from gguf import ARRAY, BOOL, F32, I32, STRING, U32

SPECIAL = ["<unk>", "<s>", "</s>", "<|im_start|>", "<|im_end|>"]
UNKNOWN, BEGIN, PADDING, TURN_BEGIN, TURN_END = range(5)
FIRST_BYTE = len(SPECIAL)
FIRST_PIECE = FIRST_BYTE + 256
NORMAL, UNKNOWN_TYPE, CONTROL, BYTE = 1, 2, 3, 6

# A piece of one character is worse than any merged one; padding is never chosen.
SINGLE_SCORE = -1e6
PADDING_SCORE = -1e9


def words(text):
    """Letters stay together, with the blank before them; digits and signs stand alone."""
    return re.findall(r"▁?[A-Za-z]+|▁?[0-9]|▁|\n|[^A-Za-z0-9▁\n]", text.replace(" ", "▁"))


def learn(texts, size):
    """The pieces that make the texts short; characters outside ASCII are left to bytes."""
    counts = collections.Counter()
    for text in texts:
        counts.update(words(text))
    plain = {word for word in counts if all(ord(c) < 128 or c == "▁" for c in word)}
    pieces = sorted({c for word in counts for c in word if ord(c) < 128 or c == "▁"})
    split = {word: list(word) for word in counts if word in plain}
    while FIRST_PIECE + len(pieces) < size:
        pairs = collections.Counter()
        for word, parts in split.items():
            for left, right in zip(parts, parts[1:]):
                pairs[left + right] += counts[word]
        if not pairs:
            break
        best = max(pairs.items(), key=lambda pair: (pair[1], pair[0]))[0]
        pieces.append(best)
        for word, parts in split.items():
            split[word] = _merged(parts, best)
    return pieces


def _merged(parts, pair):
    merged = []
    i = 0
    while i < len(parts):
        both = i + 1 < len(parts) and parts[i] + parts[i + 1] == pair
        merged.append(pair if both else parts[i])
        i += 2 if both else 1
    return merged


class Vocabulary:
    """Pieces with their numbers: specials, bytes, learned pieces, and padding up to a round size."""

    def __init__(self, pieces):
        self.pieces = pieces
        self.size = (FIRST_PIECE + len(pieces) + 31) // 32 * 32
        self._numbers = {piece: FIRST_PIECE + i for i, piece in enumerate(pieces)}
        self._scores = {
            piece: SINGLE_SCORE if len(piece) == 1 else -float(i) for i, piece in enumerate(pieces)
        }
        self._word = functools.lru_cache(None)(self._encode_word)

    def encode(self, text):
        return [number for word in words(text) for number in self._word(word)]

    def _encode_word(self, word):
        parts = list(word)
        while True:
            pairs = [(i, parts[i] + parts[i + 1]) for i in range(len(parts) - 1)]
            known = [pair for pair in pairs if pair[1] in self._numbers]
            if not known:
                break
            at, piece = max(known, key=lambda pair: (self._scores[pair[1]], -pair[0]))
            parts[at : at + 2] = [piece]
        numbers = []
        for part in parts:
            known = part in self._numbers
            numbers += [self._numbers[part]] if known else [FIRST_BYTE + b for b in part.encode()]
        return tuple(numbers)

    def entries(self, template):
        """The GGUF entries of this vocabulary and of the chat template that uses it."""
        padding = self.size - FIRST_PIECE - len(self.pieces)
        tokens = SPECIAL + [f"<0x{b:02X}>" for b in range(256)] + self.pieces
        types = [UNKNOWN_TYPE] + [CONTROL] * 4 + [BYTE] * 256 + [NORMAL] * len(self.pieces)
        scores = [0.0] * FIRST_PIECE + [self._scores[piece] for piece in self.pieces]
        key = "tokenizer.ggml."
        return [
            (key + "model", STRING, "llama"),
            (key + "tokens", (ARRAY, STRING), tokens + [f"▁w{i}" for i in range(padding)]),
            (key + "scores", (ARRAY, F32), scores + [PADDING_SCORE] * padding),
            (key + "token_type", (ARRAY, I32), types + [NORMAL] * padding),
            (key + "unknown_token_id", U32, UNKNOWN),
            (key + "bos_token_id", U32, BEGIN),
            (key + "eos_token_id", U32, TURN_END),
            (key + "padding_token_id", U32, PADDING),
            (key + "add_bos_token", BOOL, False),
            (key + "add_eos_token", BOOL, False),
            (key + "add_space_prefix", BOOL, False),
            ("tokenizer.chat_template", STRING, template),
        ]
