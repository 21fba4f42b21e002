"""SwinIR (arXiv:2108.10257). Its structure and the names of weights are those of JingyunLiang/SwinIR (Apache-2.0)."""

from dataclasses import dataclass
from typing import Optional

import torch
from torch import Tensor, nn
from torch.nn import functional as F

DF2K_MEAN = (0.4488, 0.4371, 0.4040)
"""The mean red, green and blue of the pictures with which the network was trained."""

FAR = -100.0
"""The value added to the score of a masked token, so that its softmax is zero."""


@dataclass(frozen=True)
class SwinIRShape:
    variant: str
    """
    The variant. 'classical' enlarges features, by 2 at each step; 'lightweight' enlarges at once, by a pixel shuffle.
    """
    scale: int
    channels: int
    depths: tuple[int, ...]
    heads: tuple[int, ...]
    window: int
    hidden: int
    """Channels between the two layers of each perceptron."""
    features: int = 64
    """Channels of the features that are enlarged; classical only."""

    @property
    def steps(self) -> list[int]:
        """The factors by which features are enlarged, one after another."""
        doublings = self.scale.bit_length() - 1
        return [2] * doublings if self.variant == 'classical' and self.scale == 2**doublings else [self.scale]

    def shift(self, block: int) -> int:
        """How far a block's windows are shifted, in pixels."""
        return self.window // 2 if block % 2 else 0


@dataclass(frozen=True)
class Windows:
    """The windows of one picture, `rows` times `columns`, with the masks of shifted blocks."""

    size: int
    rows: int
    columns: int
    mask: Tensor

    def split(self, tokens: Tensor) -> Tensor:
        """Splits [height, width, channels] into [windows, tokens, channels]."""
        size, channels = self.size, tokens.shape[-1]
        parts = tokens.view(self.rows, size, self.columns, size, channels).permute(0, 2, 1, 3, 4)
        return parts.reshape(-1, size * size, channels)

    def join(self, windows: Tensor) -> Tensor:
        size, channels = self.size, windows.shape[-1]
        parts = windows.view(self.rows, self.columns, size, size, channels).permute(0, 2, 1, 3, 4)
        return parts.reshape(self.rows * size, self.columns * size, channels)


class Attention(nn.Module):
    relative_position_index: Tensor

    def __init__(self, channels: int, heads: int, window: int) -> None:
        super().__init__()
        self.heads = heads
        self.relative_position_bias_table = nn.Parameter(torch.zeros((2 * window - 1) ** 2, heads))
        self.register_buffer('relative_position_index', relative_positions(window))
        self.qkv = nn.Linear(channels, 3 * channels)
        self.proj = nn.Linear(channels, channels)

    def forward(self, windows: Tensor, mask: Optional[Tensor]) -> Tensor:
        tokens, channels = windows.shape[1], windows.shape[2]
        parts = self.qkv(windows).view(-1, tokens, 3, self.heads, channels // self.heads).permute(2, 0, 3, 1, 4)
        query, key, value = parts.unbind(0)
        weights = (query * (channels // self.heads) ** -0.5) @ key.transpose(-2, -1)
        weights = weights + self.relative_position_bias_table[self.relative_position_index].permute(2, 0, 1)
        if mask is not None:
            weights = weights + mask
        seen = weights.softmax(-1) @ value
        return self.proj(seen.transpose(1, 2).reshape(-1, tokens, channels))


class Perceptron(nn.Module):
    def __init__(self, channels: int, hidden: int) -> None:
        super().__init__()
        self.fc1 = nn.Linear(channels, hidden)
        self.fc2 = nn.Linear(hidden, channels)

    def forward(self, tokens: Tensor) -> Tensor:
        return self.fc2(F.gelu(self.fc1(tokens)))


class Block(nn.Module):
    """A Swin layer: attention within windows, and then a perceptron for each pixel."""

    def __init__(self, shape: SwinIRShape, heads: int, shift: int) -> None:
        super().__init__()
        self.shift = shift
        self.norm1 = nn.LayerNorm(shape.channels)
        self.attn = Attention(shape.channels, heads, shape.window)
        self.norm2 = nn.LayerNorm(shape.channels)
        self.mlp = Perceptron(shape.channels, shape.hidden)

    def forward(self, tokens: Tensor, windows: Windows) -> Tensor:
        moved, mask = self.norm1(tokens), None
        if self.shift:
            moved, mask = moved.roll((-self.shift, -self.shift), (0, 1)), windows.mask
        seen = windows.join(self.attn(windows.split(moved), mask))
        if self.shift:
            seen = seen.roll((self.shift, self.shift), (0, 1))
        tokens = tokens + seen
        return tokens + self.mlp(self.norm2(tokens))


class Blocks(nn.Module):
    def __init__(self, shape: SwinIRShape, depth: int, heads: int) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(Block(shape, heads, shape.shift(block)) for block in range(depth))


class ResidualBlocks(nn.Module):
    """Several Swin layers and a convolution with a residual connection around them (RSTB)."""

    def __init__(self, shape: SwinIRShape, depth: int, heads: int) -> None:
        super().__init__()
        self.residual_group = Blocks(shape, depth, heads)
        self.conv = nn.Conv2d(shape.channels, shape.channels, 3, padding=1)

    def forward(self, tokens: Tensor, windows: Windows) -> Tensor:
        inner = tokens
        for block in self.residual_group.blocks:
            inner = block(inner, windows)
        return tokens + to_tokens(self.conv(to_picture(inner)))


class Norm(nn.Module):
    """Wraps the first normalisation to give it the name that it has in checkpoints."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(channels)


class SwinIR(nn.Module):
    """Enlarges a picture [1, 3, h, w] by `scale`. Black is 0 and white 1; h and w must be multiples of the window."""

    def __init__(self, shape: SwinIRShape) -> None:
        super().__init__()
        self.shape = shape
        channels, features = shape.channels, shape.features
        self.conv_first = nn.Conv2d(3, channels, 3, padding=1)
        self.patch_embed = Norm(channels)
        layers = (ResidualBlocks(shape, depth, heads) for depth, heads in zip(shape.depths, shape.heads))
        self.layers = nn.ModuleList(layers)
        self.norm = nn.LayerNorm(channels)
        self.conv_after_body = nn.Conv2d(channels, channels, 3, padding=1)
        if shape.variant == 'lightweight':
            self.upsample = nn.Sequential(*(part for step in shape.steps for part in larger(channels, 3, step)))
            return
        self.conv_before_upsample = nn.Sequential(nn.Conv2d(channels, features, 3, padding=1), nn.LeakyReLU())
        self.upsample = nn.Sequential(*(part for step in shape.steps for part in larger(features, features, step)))
        self.conv_last = nn.Conv2d(features, 3, 3, padding=1)

    def forward(self, picture: Tensor) -> Tensor:
        mean = torch.tensor(DF2K_MEAN).view(1, 3, 1, 1)
        shallow = self.conv_first(picture - mean)
        features = shallow + self.conv_after_body(self.deep(shallow))
        if self.shape.variant == 'lightweight':
            return self.upsample(features) + mean
        return self.conv_last(self.upsample(self.conv_before_upsample(features))) + mean

    def deep(self, shallow: Tensor) -> Tensor:
        windows = windows_of(shallow, self.shape.window)
        tokens = self.patch_embed.norm(to_tokens(shallow))
        for layer in self.layers:
            tokens = layer(tokens, windows)
        return to_picture(self.norm(tokens))


def larger(channels: int, to: int, by: int) -> tuple[nn.Module, nn.Module]:
    return nn.Conv2d(channels, to * by * by, 3, padding=1), nn.PixelShuffle(by)


def to_tokens(picture: Tensor) -> Tensor:
    return picture[0].permute(1, 2, 0)


def to_picture(tokens: Tensor) -> Tensor:
    return tokens.permute(2, 0, 1)[None]


def relative_positions(window: int) -> Tensor:
    """For each pair of places in a window, the row of the table of relative position biases."""
    line = torch.arange(window)
    apart = line[:, None] - line[None, :] + window - 1
    rows = apart[:, None, :, None] * (2 * window - 1)
    return (rows + apart[None, :, None, :]).reshape(window * window, window * window)


def windows_of(picture: Tensor, size: int) -> Windows:
    """
    The masks of shifted windows. A picture that is shifted by half a window wraps around: in the last row and column
    of windows, pixels from opposite edges meet and must not attend to each other. The masks are computed from the
    picture's size, so that the graph takes pictures of any size.
    """
    rows, columns = picture.shape[2] // size, picture.shape[3] // size
    half = torch.arange(size) >= size - size // 2
    apart = (half[:, None] != half[None, :]).float()
    down = apart[:, None, :, None].expand(size, size, size, size).reshape(1, 1, size * size, size * size)
    across = apart[None, :, None, :].expand(size, size, size, size).reshape(1, 1, size * size, size * size)
    last_row = (torch.arange(rows) == rows - 1).float().view(-1, 1, 1, 1)
    last_column = (torch.arange(columns) == columns - 1).float().view(1, -1, 1, 1)
    mask = FAR * torch.maximum(last_row * down, last_column * across)
    return Windows(size, rows, columns, mask.view(-1, 1, size * size, size * size))
