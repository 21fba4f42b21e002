"""Writes a network as one ONNX file whose metadata says how it is used."""

import inspect
import io
import os
import warnings
from importlib.util import find_spec

import torch
from torch import nn

from failure import CANNOT_WRITE, MISSING_TOOL, Failure

OPSET = 16
"""The first opset with GridSample."""


def require_onnx() -> None:
    """Raises a failure if PyTorch 2 or later cannot write ONNX, for which it needs a separate package."""
    if int(torch.__version__.split('.')[0]) >= 2 and find_spec('onnx') is None:
        raise Failure(MISSING_TOOL, f'PyTorch {torch.__version__} writes ONNX with the package onnx: pip install onnx')


def onnx_bytes(net: nn.Module, example: torch.Tensor, properties: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    # newer releases of PyTorch use another exporter by default
    older = {'dynamo': False} if 'dynamo' in inspect.signature(torch.onnx.export).parameters else {}
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter('ignore')
        torch.onnx.export(
            net,
            (example,),
            buffer,
            opset_version=OPSET,
            input_names=['input'],
            output_names=['output'],
            dynamic_axes={'input': {2: 'h', 3: 'w'}, 'output': {2: 'H', 3: 'W'}},
            **older,
        )
    return buffer.getvalue() + metadata(properties)


METADATA_PROPS = 14
"""The field number in ModelProto (onnx.proto3). Two concatenated messages are one message with the fields of both."""


def metadata(properties: dict[str, str]) -> bytes:
    entries = (field(1, key.encode()) + field(2, value.encode()) for key, value in properties.items())
    return b''.join(field(METADATA_PROPS, entry) for entry in entries)


LENGTH_DELIMITED = 2


def field(number: int, content: bytes) -> bytes:
    return varint(number << 3 | LENGTH_DELIMITED) + varint(len(content)) + content


def varint(value: int) -> bytes:
    parts = bytearray()
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    parts.append(value)
    return bytes(parts)


def write_whole(path: str, content: bytes) -> None:
    """Writes a file under a temporary name, and renames it when it is complete."""
    part = f'{path}.part'
    try:
        with open(part, 'wb') as file:
            file.write(content)
        os.replace(part, path)
    except OSError as error:
        raise Failure(CANNOT_WRITE, f'cannot write "{path}": {error.strerror}') from error
