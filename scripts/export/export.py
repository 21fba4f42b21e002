#!/usr/bin/env python3
"""Turns a PyTorch checkpoint of SwinIR or BasicVSR++ into an ONNX file that Reelmill runs."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from failure import MISSING_TOOL, USAGE, Failure, usage

if TYPE_CHECKING:
    from torch import nn

EXAMPLES = """examples:
  python3 export.py swinir --checkpoint 001_classicalSR_DF2K_s64w8_SwinIR-M_x2.pth --out swinir-classical-x2.onnx
  python3 export.py basicvsr-pp --checkpoint basicvsr_plusplus_c64n7_8x1_600k_reds4.pth --frames 14 --overlap 2 \\
      --out basicvsr-pp-x4.onnx
  python3 export.py swinir --untrained --variant lightweight --scale 2 --out try.onnx
"""

EXIT_CODES = 'exit codes: 64 usage, 65 not such a checkpoint, 66 no file, 69 no PyTorch, 73 the result cannot be written'


@dataclass(frozen=True)
class Exported:
    net: nn.Module
    properties: dict[str, str]
    frames: int
    sizes: tuple[tuple[int, int], ...]
    """Heights and widths to try it with; it is traced with the first."""


class Arguments(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise usage(f'{message}; see {self.prog} --help')


def arguments() -> Arguments:
    parser = Arguments(
        prog='export.py', description=__doc__, epilog=f'{EXAMPLES}\n{EXIT_CODES}', formatter_class=argparse.RawTextHelpFormatter
    )
    networks = parser.add_subparsers(dest='network', required=True, metavar='NETWORK', parser_class=Arguments)
    swinir = networks.add_parser('swinir', help='one picture at a time; classical and lightweight, 2 and 4 times as large')
    basicvsr = networks.add_parser('basicvsr-pp', help='several frames at a time; 4 times as large')
    for network in (swinir, basicvsr):
        weights = network.add_mutually_exclusive_group(required=True)
        weights.add_argument('--checkpoint', metavar='FILE', help="the released weights, PyTorch's .pth")
        weights.add_argument('--untrained', action='store_true', help='weights that only repeat the picture, to try the path')
        network.add_argument('--out', metavar='FILE', required=True, help='the ONNX file')
        network.add_argument('--sample', metavar='FOLDER', help="noise and what PyTorch makes of it, as raw float32")
    swinir.add_argument('--variant', choices=('classical', 'lightweight'), default='lightweight', help='untrained only')
    swinir.add_argument('--scale', type=int, choices=(2, 4), default=2, help='untrained only')
    swinir.add_argument('--channels', type=int, help='untrained only; multiples of 6, as released 180 or 60')
    swinir.add_argument('--depths', type=numbers, metavar='N,N,..', help='untrained only; as released 6,6,6,6,6,6 or 6,6,6,6')
    basicvsr.add_argument('--frames', type=int, default=14, help='that the network takes at once; 14 if left out')
    basicvsr.add_argument('--overlap', type=int, default=2, help='frames at each end that are only context; 2 if left out')
    basicvsr.add_argument('--channels', type=int, default=64, help='untrained only; multiples of 4, as released 64')
    basicvsr.add_argument('--blocks', type=int, default=7, help='untrained only; as released 7')
    return parser


def numbers(text: str) -> tuple[int, ...]:
    return tuple(int(each) for each in text.split(','))


def swinir(asked: argparse.Namespace) -> Exported:
    from checkpoint import load_strictly, read_checkpoint, weights_in
    from swinir import SwinIR, SwinIRShape
    from swinir_shape import swinir_halo, swinir_shape, without_masks
    from untrained import untrained_swinir

    if asked.untrained:
        classical = asked.variant == 'classical'
        channels, depths = asked.channels or (180 if classical else 60), asked.depths or (6,) * (6 if classical else 4)
        if channels < 6 or channels % 6 or min(depths) < 1:
            raise usage('--channels takes multiples of 6, --depths numbers from 1')
        shape = SwinIRShape(asked.variant, asked.scale, channels, depths, (6,) * len(depths), 8, 2 * channels)
        net = untrained_swinir(shape)
    else:
        weights = without_masks(weights_in(read_checkpoint(asked.checkpoint), ('params_ema', 'params')))
        shape = swinir_shape(weights)
        net = SwinIR(shape)
        load_strictly(net, weights)
    properties = {'align': str(shape.window), 'halo': str(swinir_halo(shape))}
    size = 3 * shape.window
    return Exported(net, used(shape.scale, properties), 1, ((size, 2 * size), (2 * size, size + shape.window)))


def basicvsr(asked: argparse.Namespace) -> Exported:
    if asked.overlap < 0 or asked.frames < 2 * asked.overlap + 1 or asked.frames < 2:
        raise usage(f'--frames {asked.frames} is too few for --overlap {asked.overlap}: two, and more than twice the overlap')
    from basicvsr_pp import SCALE, BasicVSRPlusPlus, BasicVSRShape
    from basicvsr_shape import basicvsr_shape, generator_weights
    from checkpoint import load_strictly, read_checkpoint, weights_in
    from untrained import untrained_basicvsr

    if asked.untrained:
        wide, blocks = asked.channels, asked.blocks
        if wide < 4 or wide % 4 or blocks < 1:
            raise usage('--channels takes multiples of 4, --blocks numbers from 1')
        flow = (wide // 2, wide, wide // 2, wide // 4)
        net = untrained_basicvsr(BasicVSRShape(wide, blocks, max(2, wide // 4), flow, wide, min(5, blocks)))
    else:
        weights = generator_weights(weights_in(read_checkpoint(asked.checkpoint), ('state_dict',)))
        net = BasicVSRPlusPlus(basicvsr_shape(weights))
        load_strictly(net, weights)
    properties = {'align': '32', 'halo': 'whole', 'frames': str(asked.frames), 'overlap': str(asked.overlap)}
    return Exported(net, used(SCALE, properties), asked.frames, ((64, 96), (96, 32)))


def used(scale: int, properties: dict[str, str]) -> dict[str, str]:
    """What the mill reads of the file."""
    own = {'scale': str(scale), 'from': 'input', 'to': 'output', 'white': '1', **properties}
    return {f'reelmill.{name}': value for name, value in own.items()}


def write_samples(exported: Exported, folder: str) -> None:
    import torch

    from samples import write_floats

    for height, width in exported.sizes:
        frames = torch.rand(exported.frames, 3, height, width, generator=torch.Generator().manual_seed(1))
        with torch.no_grad():
            made = exported.net(frames)
        write_floats(folder, f'{height}x{width}.input', frames)
        write_floats(folder, f'{height}x{width}.output', made)


def main(argv: list[str]) -> None:
    asked = arguments().parse_args(argv)
    try:
        import torch
    except ImportError as error:
        raise Failure(MISSING_TOOL, f'no PyTorch for {sys.executable}: install python3-torch (apt) or torch (pip)') from error
    from onnx_file import onnx_bytes, write_whole

    exported = swinir(asked) if asked.network == 'swinir' else basicvsr(asked)
    exported.net.eval()
    height, width = exported.sizes[0]
    example = torch.rand(exported.frames, 3, height, width)
    write_whole(asked.out, onnx_bytes(exported.net, example, exported.properties))
    if asked.sample is not None:
        write_samples(exported, asked.sample)
    for name, value in exported.properties.items():
        print(f'{name}={value}')


if __name__ == '__main__':
    try:
        main(sys.argv[1:])
    except Failure as failure:
        print(f'export.py: {failure}', file=sys.stderr)
        sys.exit(failure.exit_code)
