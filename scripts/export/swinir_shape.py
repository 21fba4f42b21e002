"""Determines the shape of a SwinIR from the weights in its checkpoint, and the halo of such a network."""

from checkpoint import Weights, count, shape_of
from failure import bad_input
from swinir import SwinIRShape

SCALES = (2, 3, 4)
"""The scales that Reelmill supports."""


def swinir_shape(weights: Weights) -> SwinIRShape:
    layers = count(weights, 'layers.#.conv.weight')
    if layers == 0:
        raise bad_input('this checkpoint has no layers.0.conv.weight: it is not a SwinIR of one convolution per layer')
    if 'conv_up1.weight' in weights or 'upsample.0.weight' not in weights:
        raise bad_input('this SwinIR is neither classical nor lightweight super-resolution; only those can be exported')
    blocks = [f'layers.{layer}.residual_group.blocks' for layer in range(layers)]
    tables = [shape_of(weights, f'{each}.0.attn.relative_position_bias_table', 2) for each in blocks]
    window = (round(tables[0][0] ** 0.5) + 1) // 2
    channels, of_pixels, *_ = shape_of(weights, 'conv_first.weight', 4)
    if of_pixels != 3:
        raise bad_input(f'this network takes {of_pixels} channels; pictures here are RGB')
    if (2 * window - 1) ** 2 != tables[0][0] or any(channels % heads for _, heads in tables):
        raise bad_input('the sizes of window, heads and channels in this checkpoint do not go together')
    classical = 'conv_last.weight' in weights
    scale = classical_scale(weights) if classical else lightweight_scale(weights)
    if scale not in SCALES:
        raise bad_input(f'this network enlarges {scale} times; Reelmill takes {", ".join(map(str, SCALES))}')
    return SwinIRShape(
        variant='classical' if classical else 'lightweight',
        scale=scale,
        channels=channels,
        depths=tuple(count(weights, f'{each}.#.attn.qkv.weight') for each in blocks),
        heads=tuple(heads for _, heads in tables),
        window=window,
        hidden=shape_of(weights, f'{blocks[0]}.0.mlp.fc1.weight', 2)[0],
        features=shape_of(weights, 'conv_last.weight', 4)[1] if classical else 64,
    )


def lightweight_scale(weights: Weights) -> int:
    return round((shape_of(weights, 'upsample.0.weight', 4)[0] / 3) ** 0.5)


def classical_scale(weights: Weights) -> int:
    into, features, *_ = shape_of(weights, 'upsample.0.weight', 4)
    if into == 9 * features:
        return 3
    doublings = sum(f'upsample.{2 * each}.weight' in weights for each in range(4))
    return 2**doublings


def without_masks(weights: Weights) -> Weights:
    """The weights without the masks for pictures of the training size, since masks are computed here."""
    return {name: value for name, value in weights.items() if not name.endswith('.attn_mask')}


def swinir_halo(shape: SwinIRShape) -> int:
    """
    The halo: how many pixels beside a source pixel can affect its result, at most. It follows the needs of all
    operations from the last to the first along one axis, for each place in a window and each pixel that a place
    becomes.
    """
    return max(reach(shape, pixel) for pixel in range(shape.window * shape.scale))


def reach(shape: SwinIRShape, pixel: int) -> int:
    first = last = pixel
    if shape.variant == 'classical':
        first, last = first - 1, last + 1  # conv_last
    for step in reversed(shape.steps):
        first, last = first // step - 1, last // step + 1
    if shape.variant == 'classical':
        first, last = first - 1, last + 1  # conv_before_upsample
    first, last = first - 1, last + 1  # conv_after_body
    for depth in reversed(shape.depths):
        first, last = first - 1, last + 1
        for block in reversed(range(depth)):
            shift = shape.shift(block)
            first = (first - shift) // shape.window * shape.window + shift
            last = (last - shift) // shape.window * shape.window + shift + shape.window - 1
    first, last = first - 1, last + 1  # conv_first
    place = pixel // shape.scale
    return max(place - first, last - place)
