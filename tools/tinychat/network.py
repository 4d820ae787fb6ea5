"""A small Llama in numpy: forward and, written out by hand, backward."""

import numpy as np

WIDTH, LAYERS, HEADS, KEY_HEADS, HIDDEN = 256, 3, 4, 2, 512
HEAD = WIDTH // HEADS
GROUP = HEADS // KEY_HEADS
EPSILON = 1e-5
ROPE_BASE = 10000.0


class Network:
    """Parameters by name; layer 0's query matrix is ``0.q``. The output shares the embeddings."""

    def __init__(self, vocabulary, length, seed=1):
        self.length = length
        self._random = np.random.default_rng(seed)
        self.parameters = {"emb": self._matrix(vocabulary, WIDTH, scale=0.04)}
        into, out = WIDTH**-0.5, (2 * LAYERS) ** -0.5
        for layer in range(LAYERS):
            shapes = {
                "q": (WIDTH, WIDTH, into),
                "k": (WIDTH, KEY_HEADS * HEAD, into),
                "v": (WIDTH, KEY_HEADS * HEAD, into),
                "o": (WIDTH, WIDTH, into * out),
                "g": (WIDTH, HIDDEN, into),
                "u": (WIDTH, HIDDEN, into),
                "d": (HIDDEN, WIDTH, HIDDEN**-0.5 * out),
            }
            for name, (rows, columns, scale) in shapes.items():
                self.parameters[f"{layer}.{name}"] = self._matrix(rows, columns, scale)
            self.parameters[f"{layer}.n1"] = np.ones(WIDTH, np.float32)
            self.parameters[f"{layer}.n2"] = np.ones(WIDTH, np.float32)
        self.parameters["nf"] = np.ones(WIDTH, np.float32)
        angles = np.arange(length)[:, None] * ROPE_BASE ** (-np.arange(0, HEAD, 2) / HEAD)[None]
        self._cos = np.cos(angles).astype(np.float32)[None, :, None, :]
        self._sin = np.sin(angles).astype(np.float32)[None, :, None, :]
        self._mask = np.triu(np.full((length, length), -1e9, np.float32), 1)

    def _matrix(self, rows, columns, scale):
        return (self._random.standard_normal((rows, columns)) * scale).astype(np.float32)

    def step(self, tokens, targets, weights):
        """The loss on the heaviest targets, and the gradient of all, for a batch of texts."""
        p, gradient = self.parameters, {}
        h = p["emb"][tokens].reshape(-1, WIDTH)
        kept = []
        for layer in range(LAYERS):
            h, memory = self._layer(h, layer, len(tokens))
            kept.append(memory)
        normed, norm = _rms(h, p["nf"])
        loss, d_logits = _cross_entropy(normed @ p["emb"].T, targets.reshape(-1), weights.reshape(-1))
        gradient["emb"] = d_logits.T @ normed
        dh, gradient["nf"] = _rms_back(d_logits @ p["emb"], p["nf"], norm)
        for layer in reversed(range(LAYERS)):
            dh = self._layer_back(dh, layer, kept[layer], gradient, len(tokens))
        np.add.at(gradient["emb"], tokens.reshape(-1), dh)
        return loss, gradient

    def _layer(self, h, layer, batch):
        p = lambda name: self.parameters[f"{layer}.{name}"]
        a, norm1 = _rms(h, p("n1"))
        shape = (batch, self.length, -1, HEAD)
        q = self._rope((a @ p("q")).reshape(shape))
        k = self._rope((a @ p("k")).reshape(shape))
        v = (a @ p("v")).reshape(shape)
        q = np.ascontiguousarray(q.transpose(0, 2, 1, 3))
        q = q.reshape(batch, KEY_HEADS, GROUP * self.length, HEAD)
        k, v = (np.ascontiguousarray(x.transpose(0, 2, 1, 3)) for x in (k, v))
        scores = (q @ k.transpose(0, 1, 3, 2)) * np.float32(HEAD**-0.5)
        scores = scores.reshape(batch, KEY_HEADS, GROUP, self.length, self.length) + self._mask
        scores = _softmax(scores).reshape(batch, KEY_HEADS, GROUP * self.length, self.length)
        o = (scores @ v).reshape(batch, HEADS, self.length, HEAD)
        o = o.transpose(0, 2, 1, 3).reshape(-1, WIDTH)
        h = h + o @ p("o")
        m, norm2 = _rms(h, p("n2"))
        g, u = m @ p("g"), m @ p("u")
        sigmoid = 1 / (1 + np.exp(-g))
        z = g * sigmoid * u
        return h + z @ p("d"), (a, norm1, q, k, v, scores, o, m, norm2, g, u, sigmoid, z)

    def _layer_back(self, dh, layer, memory, gradient, batch):
        p = lambda name: self.parameters[f"{layer}.{name}"]
        put = lambda name, value: gradient.__setitem__(f"{layer}.{name}", value)
        a, norm1, q, k, v, scores, o, m, norm2, g, u, sigmoid, z = memory
        put("d", z.T @ dh)
        dz = dh @ p("d").T
        du = dz * g * sigmoid
        dg = dz * u * (sigmoid * (1 + g * (1 - sigmoid)))
        put("g", m.T @ dg)
        put("u", m.T @ du)
        d, norm = _rms_back(dg @ p("g").T + du @ p("u").T, p("n2"), norm2)
        put("n2", norm)
        dh = dh + d
        put("o", o.T @ dh)
        do = (dh @ p("o").T).reshape(batch, self.length, HEADS, HEAD).transpose(0, 2, 1, 3)
        do = np.ascontiguousarray(do).reshape(q.shape)
        dv = scores.transpose(0, 1, 3, 2) @ do
        ds = do @ v.transpose(0, 1, 3, 2)
        ds = scores * (ds - (ds * scores).sum(-1, keepdims=True)) * np.float32(HEAD**-0.5)
        dq = (ds @ k).reshape(batch, HEADS, self.length, HEAD)
        dq, dk, dv = (self._flat(x) for x in (dq, ds.transpose(0, 1, 3, 2) @ q, dv))
        dq = self._rope(dq, back=True).reshape(-1, WIDTH)
        dk = self._rope(dk, back=True).reshape(-1, KEY_HEADS * HEAD)
        dv = dv.reshape(-1, KEY_HEADS * HEAD)
        for name, value in (("q", dq), ("k", dk), ("v", dv)):
            put(name, a.T @ value)
        d = dq @ p("q").T + dk @ p("k").T + dv @ p("v").T
        d, norm = _rms_back(d, p("n1"), norm1)
        put("n1", norm)
        return dh + d

    @staticmethod
    def _flat(x):
        return np.ascontiguousarray(x.transpose(0, 2, 1, 3))

    def _rope(self, x, back=False):
        """Turns neighbouring numbers by the angle of their position, as llama.cpp's Llama does."""
        out = np.empty_like(x)
        even, odd = x[..., 0::2], x[..., 1::2]
        sin = -self._sin if back else self._sin
        out[..., 0::2] = even * self._cos - odd * sin
        out[..., 1::2] = even * sin + odd * self._cos
        return out


def _softmax(x):
    x = np.exp(x - x.max(-1, keepdims=True))
    return x / x.sum(-1, keepdims=True)


def _rms(x, scale):
    r = 1 / np.sqrt((x * x).mean(-1, keepdims=True) + EPSILON)
    normed = x * r
    return normed * scale, (normed, r)


def _rms_back(dy, scale, memory):
    normed, r = memory
    dx = dy * scale
    dx = r * (dx - normed * (dx * normed).mean(-1, keepdims=True))
    return dx, (dy * normed).sum(0)


def _cross_entropy(logits, targets, weights):
    chances = _softmax(logits)
    rows = np.arange(len(targets))
    counted = weights >= 0.9
    loss = -(np.log(chances[rows, targets] + 1e-9) * counted).sum() / max(1, counted.sum())
    chances[rows, targets] -= 1
    return loss, chances * (weights / weights.sum())[:, None]
