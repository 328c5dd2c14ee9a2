"""Writes the networks of this folder: PyTorch's weights, inputs, and the scores that PyTorch gives them.

    python3 write.py
"""
import itertools
import json
import struct

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

VOCABULARY, EMBEDDING, HIDDEN, CLASSES = 9, 5, 6, 3
LENGTHS = [6, 1, 4, 2]


def write_safetensors(path, tensors):
    header, data = {"__metadata__": {"format": "pt"}}, b""
    for name, tensor in tensors.items():
        content = struct.pack(f"<{tensor.numel()}f", *tensor.detach().flatten().tolist())
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(content)]}
        data += content
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)


class Network(nn.Module):
    def __init__(self, cell, layers, bidirectional, takes_tokens, every_step):
        super().__init__()
        self.every_step = every_step
        if takes_tokens:
            self.embedding = nn.Embedding(VOCABULARY + 1, EMBEDDING)
        self.rnn = getattr(nn, cell)(EMBEDDING, HIDDEN, layers, batch_first=True, bidirectional=bidirectional)
        self.linear = nn.Linear(HIDDEN * (2 if bidirectional else 1), CLASSES)

    def forward(self, steps):
        vectors = self.embedding(steps.long()) if hasattr(self, "embedding") else steps
        packed = pack_padded_sequence(vectors, torch.tensor(LENGTHS), batch_first=True, enforce_sorted=False)
        states, last = self.rnn(packed)
        if self.every_step:
            return self.linear(pad_packed_sequence(states, batch_first=True)[0]).softmax(-1)
        last = last[0] if isinstance(last, tuple) else last
        return self.linear(torch.cat([last[-2], last[-1]], 1) if self.rnn.bidirectional else last[-1]).softmax(-1)


def write(name, cell, layers, bidirectional, takes_tokens=True, every_step=False):
    torch.manual_seed(1)
    network = Network(cell, layers, bidirectional, takes_tokens, every_step)
    for parameter in network.parameters():
        nn.init.uniform_(parameter, -0.8, 0.8)
    shape = (len(LENGTHS), max(LENGTHS))
    steps = torch.randint(0, VOCABULARY + 1, shape).float() if takes_tokens else torch.rand(*shape, EMBEDDING)
    tensors = {**network.state_dict(), "test.steps": steps, "test.lengths": torch.tensor(LENGTHS), "test.scores": network(steps)}
    write_safetensors(f"{name}.safetensors", tensors)


for cell, layers, bidirectional in itertools.product(["RNN", "GRU", "LSTM"], [1, 2], [False, True]):
    write(f"{cell}-{layers}-{'both' if bidirectional else 'one'}", cell, layers, bidirectional)
write("LSTM-frames", "LSTM", 1, True, takes_tokens=False)
write("GRU-tags", "GRU", 2, True, every_step=True)
