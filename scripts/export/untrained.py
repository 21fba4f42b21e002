"""
Weights that nobody trained, the same each time, to try the path with. The picture goes through as it is, its pixels
repeated or interpolated; what the network makes of it is noise of a few levels that every operation has a part in: a
wrong halo or frames in a wrong order show.
"""

from math import log2

import torch
from torch import Tensor, nn

from basicvsr_pp import BasicVSRPlusPlus, BasicVSRShape
from swinir import SwinIR, SwinIRShape

SEED = 1
FAINT = 0.008
"""Of white: what is added to the picture, as a standard deviation."""
LIFT = 1.0
"""Added while the picture goes through activations, which would bend what is below zero."""


@torch.no_grad()
def untrained_swinir(shape: SwinIRShape) -> SwinIR:
    torch.manual_seed(SEED)
    net = SwinIR(shape)
    for name, weights in net.named_parameters():
        if 'norm' not in name:
            scatter(weights, 3 if 'qkv' in name else 1)  # so that each token looks at few others, and not at all alike
    hand_on(net.conv_first, beside=1)
    net.conv_after_body.weight *= FAINT
    if shape.variant == 'lightweight':
        hand_on(net.upsample[0], shape.scale**2)
        return net
    hand_on(net.conv_before_upsample[0], lift=LIFT)
    for layer, step in zip(net.upsample[::2], shape.steps):
        hand_on(layer, step**2)
    hand_on(net.conv_last, lift=-LIFT)
    return net


@torch.no_grad()
def untrained_basicvsr(shape: BasicVSRShape) -> BasicVSRPlusPlus:
    torch.manual_seed(SEED)
    net = BasicVSRPlusPlus(shape)
    for weights in net.parameters():
        scatter(weights, 2**0.5)
    for level in net.spynet.basic_module:
        level.basic_module[-1].conv.weight *= 0.1  # a tenth of a pixel, and at the coarsest level three pixels
    for alignment in net.deform_align.values():
        alignment.conv_offset[-1].weight *= 0.2  # of ten pixels
    for name, layer in net.named_modules():
        if name.endswith('conv2'):
            layer.weight *= 0.2
    edges = net.feat_extract.main[0].weight
    edges -= edges.mean((1, 2, 3), keepdim=True)  # nothing comes of plain colours
    noise = torch.rand(3, 3, 32, 32)
    with_detail, without = net(noise), nn.functional.interpolate(noise, scale_factor=4.0, mode='bilinear')
    net.conv_last.weight *= 2 ** round(log2(2 * FAINT / float((with_detail - without).std())))
    return net


def scatter(weights: Tensor, gain: float) -> None:
    """As large coming out as going in; without offsets."""
    if weights.dim() == 1:
        weights.zero_()
    else:
        weights.normal_(0, gain / weights[0].numel() ** 0.5)


def hand_on(layer: nn.Conv2d, times: int = 1, beside: float = FAINT / 4, lift: float = 0.0) -> None:
    """The first three channels go on as they are, each `times` times in a row, with a little of the others."""
    offsets = layer.get_parameter('bias')
    layer.weight *= beside
    for channel in range(3):
        for copy in range(channel * times, (channel + 1) * times):
            layer.weight[copy, :3] = 0
            layer.weight[copy, channel, 1, 1] = 1
            offsets[copy] = lift
