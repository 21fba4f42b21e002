"""
Untrained weights, equal on every run, to test the path with. The picture passes through with its pixels repeated or
interpolated. The network adds noise of a few levels to which every operation contributes, so that a wrong halo or a
wrong order of frames becomes visible.
"""

from math import log2

import torch
from torch import Tensor, nn

from basicvsr_pp import BasicVSRPlusPlus, BasicVSRShape
from swinir import SwinIR, SwinIRShape

SEED = 1
FAINT = 0.008
"""The standard deviation of the noise that is added to the picture, as a fraction of white."""
LIFT = 1.0
"""An offset while the picture passes activations, which would distort values below zero."""


@torch.no_grad()
def untrained_swinir(shape: SwinIRShape) -> SwinIR:
    torch.manual_seed(SEED)
    net = SwinIR(shape)
    for name, weights in net.named_parameters():
        if 'norm' not in name:
            scatter(weights, 3 if 'qkv' in name else 1)  # so that each token attends to few others with unequal weights
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
        level.basic_module[-1].conv.weight *= 0.1  # flows of a tenth of a pixel, and three pixels at the coarsest level
    for alignment in net.deform_align.values():
        alignment.conv_offset[-1].weight *= 0.2  # a fifth of MOST_OFFSET
    for name, layer in net.named_modules():
        if name.endswith('conv2'):
            layer.weight *= 0.2
    edges = net.feat_extract.main[0].weight
    edges -= edges.mean((1, 2, 3), keepdim=True)  # plain colours give zero
    noise = torch.rand(3, 3, 32, 32)
    with_detail, without = net(noise), nn.functional.interpolate(noise, scale_factor=4.0, mode='bilinear')
    net.conv_last.weight *= 2 ** round(log2(2 * FAINT / float((with_detail - without).std())))
    return net


def scatter(weights: Tensor, gain: float) -> None:
    """Fills weights at random so that the output has the magnitude of the input; offsets become zero."""
    if weights.dim() == 1:
        weights.zero_()
    else:
        weights.normal_(0, gain / weights[0].numel() ** 0.5)


def hand_on(layer: nn.Conv2d, times: int = 1, beside: float = FAINT / 4, lift: float = 0.0) -> None:
    """Passes the first three channels through, each repeated `times` times, with a little of the others added."""
    offsets = layer.get_parameter('bias')
    layer.weight *= beside
    for channel in range(3):
        for copy in range(channel * times, (channel + 1) * times):
            layer.weight[copy, :3] = 0
            layer.weight[copy, channel, 1, 1] = 1
            offsets[copy] = lift
