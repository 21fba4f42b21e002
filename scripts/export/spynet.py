"""
SPyNet (arXiv:1611.00850). Its structure and the names of weights are those of basicvsr_net in open-mmlab/mmagic
(Apache-2.0).
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

LEVELS = 6
"""The levels of the pyramid, each half as large as the next, so that the sides of pictures must be multiples of 32."""


@dataclass(frozen=True)
class Grid:
    """The coordinates of a picture's pixels, from -1 at the first to 1 at the last."""

    places: Tensor
    """Columns and rows, [1, 2, h, w]."""
    step: Tensor
    """The distance between neighbours, [1, 2, 1, 1]."""


def grid_of(pictures: Tensor) -> Grid:
    ones = torch.ones_like(pictures[:1, :1])
    numbers = torch.cat((ones.cumsum(3), ones.cumsum(2)), 1) - 1
    step = 2 / numbers[:, :, -1:, -1:].clamp(min=1)
    return Grid(numbers * step - 1, step)


def warp(pictures: Tensor, flow: Tensor, grid: Grid, padding: str = 'zeros') -> Tensor:
    """Takes each pixel from the place that the flow points to, with bilinear interpolation."""
    return sample(pictures, (grid.places + flow * grid.step).permute(0, 2, 3, 1), padding)


def sample(pictures: Tensor, places: Tensor, padding: str = 'zeros') -> Tensor:
    return F.grid_sample(pictures, places, mode='bilinear', padding_mode=padding, align_corners=True)


class Convolution(nn.Module):
    """Wraps a convolution to give it the name that it has in checkpoints."""

    def __init__(self, channels: int, to: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, to, 7, padding=3)


class Level(nn.Module):
    """Computes a correction of the flow from two pictures and the flow so far."""

    def __init__(self, widths: tuple[int, ...]) -> None:
        super().__init__()
        self.basic_module = nn.ModuleList(Convolution(*pair) for pair in zip((8, *widths), (*widths, 2)))

    def forward(self, pictures: Tensor) -> Tensor:
        *inner, last = self.basic_module
        for each in inner:
            pictures = F.relu(each.conv(pictures))
        return last.conv(pictures)


class SPyNet(nn.Module):
    """Optical flow from frames [n, 3, h, w] to their neighbours: [n - 1, 2, h, w], to the right and down."""

    def __init__(self, widths: tuple[int, ...]) -> None:
        super().__init__()
        self.basic_module = nn.ModuleList(Level(widths) for _ in range(LEVELS))
        self.register_buffer('mean', torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1))
        self.register_buffer('std', torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1))

    def forward(self, frames: Tensor) -> tuple[Tensor, Tensor]:
        """The flow from each frame to the next one, and from each frame to the previous one."""
        pyramid = [(frames - self.mean) / self.std]
        for _ in range(LEVELS - 1):
            pyramid.insert(0, F.avg_pool2d(pyramid[0], 2, count_include_pad=False))
        grids = [grid_of(pictures) for pictures in pyramid]
        earlier, later = [each[:-1] for each in pyramid], [each[1:] for each in pyramid]
        return self.flow(earlier, later, grids), self.flow(later, earlier, grids)

    def flow(self, pyramid: list[Tensor], to: list[Tensor], grids: list[Grid]) -> Tensor:
        flow = self.basic_module[0](torch.cat([pyramid[0], to[0], torch.zeros_like(pyramid[0][:, :2])], 1))
        for level, pictures, others, grid in zip(self.basic_module[1:], pyramid[1:], to[1:], grids[1:]):
            flow = 2 * F.interpolate(flow, scale_factor=2.0, mode='bilinear', align_corners=True)
            flow = flow + level(torch.cat([pictures, warp(others, flow, grid, 'border'), flow], 1))
        return flow
