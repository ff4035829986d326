"""Writes table.json: what PyTorch gives for every kind of layer.

Run where torch 2.11 and safetensors are installed:

    python generate.py > table.json

Each case is a list of layers as Gradien reads it, an nn.Sequential of the same
list, random weights as safetensors under the names of its state_dict(), an input,
and the output. Weights and inputs are float32; outputs are computed from them in
float64, so that they are the same to the printed digits on every machine.
"""

import json
import sys

import torch
from safetensors.torch import save
from torch import nn


def first_output(module):
    """A recurrent module that gives its outputs and not its last state."""

    class Output(module):
        def forward(self, x):
            return super().forward(x)[0]

    return Output


RNN, GRU, LSTM = (first_output(module) for module in (nn.RNN, nn.GRU, nn.LSTM))


class LastStep(nn.Module):
    def forward(self, x):
        return x[:, -1]


class Add(nn.Module):
    """Adds the output of an earlier child; None is the network's input."""

    def __init__(self, child):
        super().__init__()
        self.child = child


class Network(nn.Sequential):
    def forward(self, x):
        outputs = {None: x}
        for name, module in self.named_children():
            x = x + outputs[module.child] if isinstance(module, Add) else module(x)
            outputs[name] = x
        return x


def one(text, module, shape, ids=0):
    return ([text], [module], shape, ids)


CASES = {
    "conv1d": one("kind = 'conv1d'\nout = 4\nkernel = 3\nstride = 2\npadding = 1\ndilation = 2\ngroups = 2", nn.Conv1d(2, 4, 3, 2, 1, 2, 2), [2, 9]),
    "conv2d": one("kind = 'conv2d'\nout = 3\nkernel = [3, 2]\nstride = [1, 2]\npadding = [1, 0]", nn.Conv2d(2, 3, (3, 2), (1, 2), (1, 0)), [2, 5, 6]),
    "conv2d without bias": one("kind = 'conv2d'\nout = 2\nkernel = 3\nbias = false", nn.Conv2d(1, 2, 3, bias=False), [1, 5, 5]),
    "conv_transpose1d": one("kind = 'conv_transpose1d'\nout = 4\nkernel = 3\nstride = 2\npadding = 1\noutput_padding = 1\ngroups = 2", nn.ConvTranspose1d(2, 4, 3, 2, 1, 1, 2), [2, 5]),
    "conv_transpose2d": one("kind = 'conv_transpose2d'\nout = 2\nkernel = [2, 3]\nstride = 2\ndilation = [1, 2]", nn.ConvTranspose2d(3, 2, (2, 3), 2, dilation=(1, 2)), [3, 3, 2]),
    "batch_norm1d of features": one("kind = 'batch_norm1d'", nn.BatchNorm1d(4), [4]),
    "batch_norm1d of a signal": one("kind = 'batch_norm1d'\neps = 0.01\naffine = false", nn.BatchNorm1d(2, eps=0.01, affine=False), [2, 5]),
    "batch_norm2d": one("kind = 'batch_norm2d'", nn.BatchNorm2d(3), [3, 2, 4]),
    "layer_norm": one("kind = 'layer_norm'", nn.LayerNorm(5), [3, 5]),
    "layer_norm of two axes": one("kind = 'layer_norm'\naxes = 2\neps = 0.001", nn.LayerNorm((3, 4), eps=0.001), [2, 3, 4]),
    "max_pool1d": one("kind = 'max_pool1d'\nkernel = 3\nstride = 2\npadding = 1", nn.MaxPool1d(3, 2, 1), [2, 8]),
    "max_pool2d": one("kind = 'max_pool2d'\nkernel = 2", nn.MaxPool2d(2), [2, 5, 4]),
    "avg_pool1d": one("kind = 'avg_pool1d'\nkernel = 3\npadding = 1", nn.AvgPool1d(3, padding=1), [2, 8]),
    "avg_pool2d": one("kind = 'avg_pool2d'\nkernel = [2, 3]\nstride = 1\npadding = [1, 1]", nn.AvgPool2d((2, 3), 1, (1, 1)), [2, 4, 5]),
    "adaptive_avg_pool1d": one("kind = 'adaptive_avg_pool1d'\nsize = 3", nn.AdaptiveAvgPool1d(3), [2, 7]),
    "adaptive_avg_pool2d": one("kind = 'adaptive_avg_pool2d'\nsize = [2, 3]", nn.AdaptiveAvgPool2d((2, 3)), [2, 5, 7]),
    "adaptive_max_pool1d": one("kind = 'adaptive_max_pool1d'\nsize = 3", nn.AdaptiveMaxPool1d(3), [2, 7]),
    "adaptive_max_pool2d": one("kind = 'adaptive_max_pool2d'\nsize = 2", nn.AdaptiveMaxPool2d(2), [2, 5, 7]),
    "linear": one("kind = 'linear'\nout = 4", nn.Linear(3, 4), [3]),
    "linear over steps": one("kind = 'linear'\nout = 4\nbias = false", nn.Linear(3, 4, bias=False), [5, 3]),
    "embedding": one("kind = 'embedding'\ncount = 7\nout = 3", nn.Embedding(7, 3), [5], 7),
    "rnn": one("kind = 'rnn'\nhidden = 4", RNN(3, 4, batch_first=True), [5, 3]),
    "rnn with relu": one("kind = 'rnn'\nhidden = 4\nnonlinearity = 'relu'\nnum_layers = 2", RNN(3, 4, 2, nonlinearity="relu", batch_first=True), [5, 3]),
    "gru": one("kind = 'gru'\nhidden = 4", GRU(3, 4, batch_first=True), [5, 3]),
    "gru both ways, stacked": one("kind = 'gru'\nhidden = 3\nnum_layers = 2\nbidirectional = true", GRU(2, 3, 2, batch_first=True, bidirectional=True), [4, 2]),
    "lstm": one("kind = 'lstm'\nhidden = 4", LSTM(3, 4, batch_first=True), [5, 3]),
    "lstm both ways, stacked, without bias": one("kind = 'lstm'\nhidden = 3\nnum_layers = 2\nbidirectional = true\nbias = false", LSTM(2, 3, 2, bias=False, batch_first=True, bidirectional=True), [4, 2]),
    "relu": one("kind = 'relu'", nn.ReLU(), [6]),
    "leaky_relu": one("kind = 'leaky_relu'\nslope = 0.2", nn.LeakyReLU(0.2), [6]),
    "sigmoid": one("kind = 'sigmoid'", nn.Sigmoid(), [6]),
    "tanh": one("kind = 'tanh'", nn.Tanh(), [6]),
    "gelu": one("kind = 'gelu'", nn.GELU(), [6]),
    "gelu by tanh": one("kind = 'gelu'\napproximate = 'tanh'", nn.GELU("tanh"), [6]),
    "softmax": one("kind = 'softmax'", nn.Softmax(-1), [2, 4]),
    "softmax of the first axis": one("kind = 'softmax'\naxis = 0", nn.Softmax(1), [2, 4]),
    "log_softmax": one("kind = 'log_softmax'", nn.LogSoftmax(-1), [5]),
    "dropout": one("kind = 'dropout'\np = 0.9", nn.Dropout(0.9), [5]),
    "flatten": one("kind = 'flatten'", nn.Flatten(), [2, 3, 2]),
    "unflatten": one("kind = 'unflatten'\nshape = [2, 3]", nn.Unflatten(1, (2, 3)), [6]),
    "last_step": one("kind = 'last_step'", LastStep(), [4, 3]),
    "a residual block": (
        [
            "kind = 'conv2d'\nout = 4\nkernel = 3\npadding = 1",
            "kind = 'batch_norm2d'\nname = 'stem'",
            "kind = 'relu'",
            "kind = 'conv2d'\nname = 'block.conv'\nout = 4\nkernel = 3\npadding = 1",
            "kind = 'add'\nfrom = 'stem'",
            "kind = 'relu'",
            "kind = 'adaptive_avg_pool2d'\nsize = 1",
            "kind = 'flatten'",
            "kind = 'linear'\nout = 3",
            "kind = 'softmax'",
        ],
        [nn.Conv2d(2, 4, 3, padding=1), ("stem", nn.BatchNorm2d(4)), nn.ReLU(), ("block_conv", nn.Conv2d(4, 4, 3, padding=1)), Add("stem"), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 3), nn.Softmax(-1)],
        [2, 6, 6],
        0,
    ),
    "the input added again": (["kind = 'linear'\nout = 4", "kind = 'add'\nfrom = 'input'"], [nn.Linear(4, 4), Add(None)], [4], 0),
    "words": (
        ["kind = 'embedding'\ncount = 6\nout = 4", "kind = 'gru'\nhidden = 3", "kind = 'last_step'", "kind = 'linear'\nout = 2"],
        [nn.Embedding(6, 4), GRU(4, 3, batch_first=True), LastStep(), nn.Linear(3, 2)],
        [5],
        6,
    ),
}


def randomise(network):
    """Weights of a size that shows a mistake in every one of them."""
    for name, tensor in network.state_dict().items():
        if tensor.dtype == torch.float32:
            values = torch.randn(tensor.shape) * 0.5
            tensor.copy_(values.abs() + 0.5 if name.endswith("running_var") else values)


def main():
    torch.manual_seed(11)
    table = []
    for name, (layers, modules, shape, ids) in CASES.items():
        network = Network()
        for position, module in enumerate(modules):
            label, module = module if isinstance(module, tuple) else (str(position), module)
            network.add_module(label, module)
        network.eval()
        randomise(network)
        # A child's name cannot have a point; a state_dict's key can.
        weights = {key.replace("block_conv", "block.conv"): tensor.clone() for key, tensor in network.state_dict().items()}
        if ids:
            inputs = torch.randint(ids, [2, *shape])
            outputs = network.double()(inputs)
        else:
            inputs = torch.randn([2, *shape])
            outputs = network.double()(inputs.double())
        table.append(
            {
                "name": name,
                "layers": "".join(f"[[layers]]\n{layer}\n" for layer in layers),
                "ids": bool(ids),
                "shape": shape,
                "weights": save(weights).hex(),
                "inputs": inputs.flatten().tolist(),
                "outputs": [float(f"{value:.9g}") for value in outputs.flatten().tolist()],
            }
        )
    lines = ",\n".join(json.dumps(case) for case in table)
    sys.stdout.write(f"[\n{lines}\n]\n")


with torch.no_grad():
    main()
