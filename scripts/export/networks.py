"""The requested network with its weights, and the properties that Reelmill needs."""

from argparse import Namespace
from dataclasses import dataclass

from torch import nn

from basicvsr_pp import SCALE, BasicVSRPlusPlus, BasicVSRShape
from basicvsr_shape import basicvsr_shape, generator_weights
from checkpoint import load_strictly, read_checkpoint, weights_in
from spynet import LEVELS
from swinir import SwinIR, SwinIRShape
from swinir_shape import swinir_halo, swinir_shape, without_masks
from untrained import untrained_basicvsr, untrained_swinir


@dataclass(frozen=True)
class Exported:
    net: nn.Module
    properties: dict[str, str]
    """The metadata of the ONNX file, which Reelmill reads."""
    frames: int
    sizes: tuple[tuple[int, int], ...]
    """Heights and widths to test the network with; it is traced with the first."""


def network(asked: Namespace) -> Exported:
    exported = swinir(asked) if asked.network == 'swinir' else basicvsr(asked)
    exported.net.eval()
    return exported


def swinir(asked: Namespace) -> Exported:
    if asked.untrained:
        layers, channels = (6, 180) if asked.variant == 'classical' else (4, 60)
        channels, depths = asked.channels or channels, asked.depths or (6,) * layers
        heads = (6,) * len(depths)
        net = untrained_swinir(SwinIRShape(asked.variant, asked.scale, channels, depths, heads, 8, 2 * channels))
    else:
        weights = without_masks(weights_in(read_checkpoint(asked.checkpoint), ('params_ema', 'params')))
        net = SwinIR(swinir_shape(weights))
        load_strictly(net, weights)
    window = net.shape.window
    properties = card(net.shape.scale, {'align': str(window), 'halo': str(swinir_halo(net.shape))})
    return Exported(net, properties, 1, ((3 * window, 6 * window), (6 * window, 4 * window)))


def basicvsr(asked: Namespace) -> Exported:
    if asked.untrained:
        wide, blocks = asked.channels, asked.blocks
        flow = (wide // 2, wide, wide // 2, wide // 4)
        net = untrained_basicvsr(BasicVSRShape(wide, blocks, max(2, wide // 4), flow, wide, min(5, blocks)))
    else:
        weights = generator_weights(weights_in(read_checkpoint(asked.checkpoint), ('state_dict',)))
        net = BasicVSRPlusPlus(basicvsr_shape(weights))
        load_strictly(net, weights)
    align = 2 ** (LEVELS - 1)
    temporal = {'frames': str(asked.frames), 'overlap': str(asked.overlap)}
    properties = card(SCALE, {'align': str(align), 'halo': 'whole', **temporal})  # flow may point anywhere
    return Exported(net, properties, asked.frames, ((2 * align, 3 * align), (3 * align, align)))


def card(scale: int, more: dict[str, str]) -> dict[str, str]:
    own = {'scale': str(scale), 'from': 'input', 'to': 'output', 'white': '1', **more}
    return {f'reelmill.{name}': value for name, value in own.items()}
