"""Trains the network on the conversations, for a given time."""

import time

import numpy as np

from conversations import Conversations
from network import Network
from vocabulary import BEGIN, TURN_BEGIN, TURN_END, Vocabulary, learn

LENGTH, BATCH, PIECES = 256, 12, 768
DIALOGS, LEARNED_FROM = 24_000, 6_000
PEAK_RATE, WARMUP_STEPS = 3e-3, 60

# What the assistant says is what is to be learned; the rest a little.
ANSWER, REST, NOTHING = 1.0, 0.1, 0.0


def train(seconds):
    """A vocabulary, and the parameters of a network that speaks with it."""
    conversations = Conversations()
    dialogs = [conversations.next() for _ in range(DIALOGS)]
    texts = [text for dialog in dialogs[:LEARNED_FROM] for _, text in dialog]
    vocabulary = Vocabulary(learn(texts + ["system\nuser\nassistant\ntool\n"] * 50, PIECES))
    tokens, weights = _packed(dialogs, vocabulary)
    print(f"{len(tokens)} tokens, vocabulary of {vocabulary.size}", flush=True)
    network = Network(vocabulary.size, LENGTH)
    _descend(network, tokens, weights, seconds)
    return vocabulary, network.parameters


def _packed(dialogs, vocabulary):
    """All dialogs in a row, each followed by the token that begins the next."""
    tokens, weights = [], []
    newline = vocabulary.encode("\n")
    for dialog in dialogs:
        for role, text in dialog:
            head = [TURN_BEGIN] + vocabulary.encode(role + "\n")
            body = vocabulary.encode(text) + [TURN_END]
            tokens += head + body + newline
            weights += [REST] * len(head)
            weights += [ANSWER if role == "assistant" else REST] * len(body)
            weights += [REST] * len(newline)
        tokens.append(BEGIN)
        weights.append(NOTHING)
    return np.array(tokens, np.int32), np.array(weights, np.float32)


def _descend(network, tokens, weights, seconds):
    random = np.random.default_rng(1)
    starts = np.concatenate([[0], np.flatnonzero(tokens == BEGIN) + 1])
    starts = starts[starts < len(tokens) - LENGTH - 2]
    optimizer = Adam(network.parameters)
    begin = time.time()
    step = 0
    while (share := (time.time() - begin) / seconds) < 1:
        chosen = starts[random.integers(0, len(starts), BATCH)]
        cut = lambda array, shift: np.stack([array[s + shift : s + shift + LENGTH] for s in chosen])
        loss, gradient = network.step(cut(tokens, 0), cut(tokens, 1), cut(weights, 1))
        cosine = 0.03 + 0.97 * 0.5 * (1 + np.cos(np.pi * share))
        optimizer.step(gradient, PEAK_RATE * min(1, (step + 1) / WARMUP_STEPS) * cosine)
        step += 1
        if step % 20 == 0:
            print(f"{share:4.0%} step {step}, loss {loss:.3f}", flush=True)


class Adam:
    """Adam with decay of the matrices and a bound for the whole gradient."""

    def __init__(self, parameters):
        self._parameters = parameters
        self._first = {name: np.zeros_like(p) for name, p in parameters.items()}
        self._second = {name: np.zeros_like(p) for name, p in parameters.items()}
        self._steps = 0

    def step(self, gradient, rate):
        self._steps += 1
        length = np.sqrt(sum(float((g * g).sum()) for g in gradient.values()))
        bound = np.float32(min(1, 1 / (length + 1e-6)))
        for name, p in self._parameters.items():
            g = gradient[name] * bound
            first, second = self._first[name], self._second[name]
            first += np.float32(0.1) * (g - first)
            second += np.float32(0.05) * (g * g - second)
            mean = first / np.float32(1 - 0.9**self._steps)
            spread = np.sqrt(second / np.float32(1 - 0.95**self._steps)) + np.float32(1e-8)
            decay = np.float32(0.01 if p.ndim == 2 and name != "emb" else 0)
            p -= np.float32(rate) * (mean / spread + decay * p)
