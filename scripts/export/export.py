#!/usr/bin/env python3
"""Turns a PyTorch checkpoint of SwinIR or BasicVSR++ into an ONNX file that Reelmill runs. See docs/upscale.md."""

import sys

from arguments import arguments
from failure import MISSING_TOOL, Failure


def main(argv: list[str]) -> None:
    asked = arguments(argv)
    try:
        import torch
    except ImportError as error:
        instead = 'install python3-torch (apt) or torch (pip)'
        raise Failure(MISSING_TOOL, f'{sys.executable} has no PyTorch: {instead}, then try again') from error
    from networks import network
    from onnx_file import onnx_bytes, require_onnx, write_whole
    from samples import write_samples

    require_onnx()
    exported = network(asked)
    height, width = exported.sizes[0]
    example = torch.zeros(exported.frames, 3, height, width)
    write_whole(asked.out, onnx_bytes(exported.net, example, exported.properties))
    if asked.sample is not None:
        write_samples(exported.net, exported.frames, exported.sizes, asked.sample)
    for name, value in exported.properties.items():
        print(f'{name}={value}')


if __name__ == '__main__':
    try:
        main(sys.argv[1:])
    except Failure as failure:
        print(f'export.py: {failure}', file=sys.stderr)
        sys.exit(failure.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
