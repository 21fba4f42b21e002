"""Tensors as files that any runtime can be compared with."""

import os
from array import array

from torch import Tensor

from failure import CANNOT_WRITE, Failure


def write_floats(folder: str, name: str, tensor: Tensor) -> None:
    """FOLDER/NAME.f32: 32-bit floats in the machine's order, the last dimension runs fastest."""
    try:
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, f'{name}.f32'), 'wb') as file:
            array('f', tensor.flatten().tolist()).tofile(file)
    except OSError as error:
        raise Failure(CANNOT_WRITE, f'cannot write into "{folder}": {error.strerror}') from error
