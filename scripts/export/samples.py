"""Writes noise and the network's result for it to files, for comparison with any runtime."""

import os
from array import array

import torch
from torch import Tensor, nn

from failure import CANNOT_WRITE, Failure


@torch.no_grad()
def write_samples(net: nn.Module, frames: int, sizes: tuple[tuple[int, int], ...], folder: str) -> None:
    for height, width in sizes:
        noise = torch.rand(frames, 3, height, width, generator=torch.Generator().manual_seed(1))
        write_floats(folder, f'{height}x{width}.input', noise)
        write_floats(folder, f'{height}x{width}.output', net(noise))


def write_floats(folder: str, name: str, tensor: Tensor) -> None:
    """Writes FOLDER/NAME.f32: 32-bit floats in the machine's byte order, with the last dimension contiguous."""
    try:
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, f'{name}.f32'), 'wb') as file:
            array('f', tensor.flatten().tolist()).tofile(file)
    except OSError as error:
        raise Failure(CANNOT_WRITE, f'cannot write into "{folder}": {error.strerror}') from error
