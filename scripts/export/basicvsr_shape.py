"""Determines the shape of a BasicVSR++ from the weights in its checkpoint."""

from basicvsr_pp import TAPS, BasicVSRShape
from checkpoint import Weights, count, shape_of
from failure import bad_input

PREFIX = 'generator.'
"""The prefix that mmediting and mmagic give to the names of the network's weights."""

COUNTERS = ('step_counter',)


def generator_weights(weights: Weights) -> Weights:
    named = {name.removeprefix(PREFIX): value for name, value in weights.items()}
    return {name: value for name, value in named.items() if name not in COUNTERS}


def basicvsr_shape(weights: Weights) -> BasicVSRShape:
    if 'feat_extract.0.weight' in weights:
        raise bad_input('this BasicVSR++ keeps the size of its pictures; only those that enlarge them can be exported')
    flow = 'spynet.basic_module.0.basic_module.#.conv.weight'
    widths = [shape_of(weights, flow.replace('#', str(each)), 4)[0] for each in range(count(weights, flow))]
    channels = shape_of(weights, 'feat_extract.main.0.weight', 4)[0]
    groups = shape_of(weights, 'deform_align.backward_1.conv_offset.6.weight', 4)[0] // (3 * TAPS)
    if groups < 2 or groups % 2 or 2 * channels % groups:
        raise bad_input(f'{channels} channels in {groups} groups do not go together: it belongs to another network')
    return BasicVSRShape(
        channels=channels,
        blocks=count(weights, 'backbone.backward_1.main.2.#.conv1.weight'),
        groups=groups,
        flow=tuple(widths[:-1]),
        features=shape_of(weights, 'conv_last.weight', 4)[1],
        outer_blocks=count(weights, 'feat_extract.main.2.#.conv1.weight'),
    )
