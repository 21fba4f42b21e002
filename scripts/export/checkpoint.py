"""Reads weights from a file that may be hostile, and loads them into a network that must match them exactly."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from failure import bad_input

Weights = dict[str, Tensor]


def read_checkpoint(path: str) -> Mapping[str, object]:
    """
    The content of a file by torch.save. Only tensors, numbers and text are accepted, and no code in the file is run.
    """
    try:
        content = torch.load(path, map_location='cpu', weights_only=True)
    except Exception as error:  # pickle, zipfile and torch raise many kinds of errors for foreign files
        reason = (str(error).split('WeightsUnpickler error:')[-1].strip().splitlines() or [type(error).__name__])[0]
        sentence = f'"{path}" is not a checkpoint that can be read without running code of it: {reason}'
        raise bad_input(sentence) from error
    if not isinstance(content, Mapping):
        raise bad_input(f'"{path}" holds a {type(content).__name__}; a checkpoint is a dict of weights')
    return content


def weights_in(checkpoint: Mapping[str, object], under: tuple[str, ...]) -> Weights:
    """
    The tensors of a checkpoint by name: from the first of the given keys that is present, or else from the checkpoint
    itself.
    """
    inner = (checkpoint.get(key) for key in under)
    found = next((each for each in inner if isinstance(each, Mapping)), checkpoint)
    weights = {str(name): value for name, value in found.items() if isinstance(value, Tensor)}
    if not weights:
        raise bad_input(f'there are no weights in this checkpoint, neither bare nor under {" or ".join(under)}')
    if any(value.layout != torch.strided or value.is_quantized or value.is_complex() for value in weights.values()):
        raise bad_input('a weight in this checkpoint is not plain numbers; it is sparse, quantised or complex')
    return weights


def load_strictly(net: nn.Module, weights: Weights) -> None:
    """
    Loads weights into a network. Every weight must have a place of the same shape in the network, and every place a
    weight. Buffers must have the same values as in the network.
    """
    own = net.state_dict()
    for what, names in (('lacks', own.keys() - weights.keys()), ('has besides', weights.keys() - own.keys())):
        if names:
            raise bad_input(f'this checkpoint {what} {some_of(names)}: it belongs to another network')
    for name, value in own.items():
        if value.shape != weights[name].shape:
            shapes = f'{tuple(weights[name].shape)}; here it is {tuple(value.shape)}'
            raise bad_input(f'{name} has the shape {shapes}: it belongs to another network')
    for name, value in net.named_buffers():
        if not torch.allclose(value.double(), weights[name].double(), atol=1e-6):
            raise bad_input(f'{name} holds other constants than the released networks do')
    if any(not bool(torch.isfinite(value).all()) for value in weights.values()):
        raise bad_input('a weight in this checkpoint is not a number or infinite')
    net.load_state_dict(weights, strict=True)


MOST = 1024
"""
The largest size along one dimension of a weight, above that of any released network, so that a checkpoint cannot ask
for all memory.
"""


def shape_of(weights: Weights, name: str, dimensions: int) -> tuple[int, ...]:
    if name not in weights:
        raise bad_input(f'this checkpoint has no {name}: it belongs to another network')
    shape = tuple(weights[name].shape)
    if len(shape) != dimensions:
        raise bad_input(f'{name} has {len(shape)} dimensions instead of {dimensions}')
    if not all(1 <= size <= MOST for size in shape):
        raise bad_input(f'{name} has the shape {shape}: it belongs to another network')
    return shape


def count(weights: Weights, name: str) -> int:
    """How many weights have this name, in which `#` stands for numbers from 0."""
    number = 0
    while name.replace('#', str(number)) in weights:
        number += 1
    return number


def some_of(names: set[str]) -> str:
    ordered = sorted(names)
    more = f' and {len(ordered) - 2} more' if len(ordered) > 2 else ''
    return ', '.join(ordered[:2]) + more
