"""Parses and checks the command line."""

import argparse
import os
from typing import Any, NoReturn

from failure import CANNOT_WRITE, NO_INPUT, Failure, usage

EXAMPLES = """examples:
  python3 export.py swinir --checkpoint 001_classicalSR_DF2K_s64w8_SwinIR-M_x2.pth --out swinir-classical-x2.onnx
  python3 export.py basicvsr-pp --checkpoint basicvsr_plusplus_c64n7_8x1_600k_reds4.pth --frames 14 --overlap 2 \\
      --out basicvsr-pp-x4.onnx
  python3 export.py swinir --untrained --variant lightweight --scale 2 --out try.onnx

exit codes: 64 usage, 65 not such a checkpoint, 66 no file, 69 no PyTorch, 73 the result cannot be written
"""

MOST_FRAMES = 64


class Arguments(argparse.ArgumentParser):
    def __init__(self, **named: Any) -> None:
        super().__init__(epilog=EXAMPLES, formatter_class=argparse.RawTextHelpFormatter, **named)

    def error(self, message: str) -> NoReturn:
        raise usage(f'{message}; see {self.prog} --help')


def arguments(argv: list[str]) -> argparse.Namespace:
    """Parses the command line, and checks everything that can be checked before PyTorch is loaded."""
    asked = parser().parse_args(argv)
    if asked.checkpoint is not None and not os.path.isfile(asked.checkpoint):
        raise Failure(NO_INPUT, f'no file "{asked.checkpoint}"')
    if not os.path.isdir(os.path.dirname(asked.out) or '.'):
        raise Failure(CANNOT_WRITE, f'cannot write "{asked.out}": no such folder')
    multiple = 6 if asked.network == 'swinir' else 4
    if asked.channels is not None and (asked.channels < multiple or asked.channels % multiple):
        raise usage(f'--channels {asked.channels} is out of range; it takes multiples of {multiple}')
    if asked.network == 'basicvsr-pp':
        frames, overlap = asked.frames, asked.overlap
        if not 2 <= frames <= MOST_FRAMES:
            raise usage(f'--frames {frames} is out of range; it takes 2 to {MOST_FRAMES}')
        if overlap < 0 or frames <= 2 * overlap:
            raise usage(f'--frames {frames} is too few for --overlap {overlap} at either end: no frame would be left')
    return asked


def parser() -> Arguments:
    description = 'Turns a PyTorch checkpoint of SwinIR or BasicVSR++ into an ONNX file that Reelmill runs.'
    whole = Arguments(prog='export.py', description=description)
    networks = whole.add_subparsers(dest='network', required=True, metavar='NETWORK', parser_class=Arguments)
    swinir = networks.add_parser('swinir', help='classical and lightweight, 2, 3 or 4 times as large')
    basicvsr = networks.add_parser('basicvsr-pp', help='several frames at a time, 4 times as large')
    for network in (swinir, basicvsr):
        weights = network.add_mutually_exclusive_group(required=True)
        weights.add_argument('--checkpoint', metavar='FILE', help="the weights, PyTorch's .pth")
        weights.add_argument('--untrained', action='store_true', help='weights that repeat the picture, to try it')
        network.add_argument('--out', metavar='FILE', required=True, help='the ONNX file')
        network.add_argument('--sample', metavar='FOLDER', help='noise and what PyTorch makes of it, as raw float32')
    swinir.add_argument('--variant', choices=('classical', 'lightweight'), default='lightweight', help='untrained only')
    swinir.add_argument('--scale', type=int, choices=(2, 3, 4), default=2, help='untrained only')
    swinir.add_argument('--channels', type=int, help='untrained only; multiples of 6, 180 or 60 if left out')
    swinir.add_argument('--depths', type=depths, metavar='N,N,..', help='untrained only; 6,6,6,6,6,6 or 6,6,6,6')
    basicvsr.add_argument('--frames', type=int, default=14, help='seen at once; 14 if left out')
    basicvsr.add_argument('--overlap', type=int, default=2, help='of them at either end only context; 2 if left out')
    basicvsr.add_argument('--channels', type=int, default=64, help='untrained only; multiples of 4, 64 if left out')
    basicvsr.add_argument('--blocks', type=int, choices=range(1, 31), default=7, metavar='N', help='untrained only')
    return whole


def depths(text: str) -> tuple[int, ...]:
    found = tuple(int(each) for each in text.split(','))
    if min(found) < 1:
        raise ValueError(text)
    return found
