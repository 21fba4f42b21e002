"""BasicVSR++ (arXiv:2104.13371). Its structure and the names of weights are those of open-mmlab/mmagic (Apache-2.0)."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from spynet import Grid, SPyNet, grid_of, sample, warp

BRANCHES = ('backward_1', 'forward_1', 'backward_2', 'forward_2')
MOST_OFFSET = 10.0
"""How many pixels an alignment may look away from the place that the flow points to; equal in all released networks."""
SCALE = 4
TAPS = 9


@dataclass(frozen=True)
class BasicVSRShape:
    channels: int
    blocks: int
    """Residual blocks of a branch."""
    groups: int = 16
    """Groups of channels, each of which looks at its own places."""
    flow: tuple[int, ...] = (32, 64, 32, 16)
    """Channels inside SPyNet."""
    features: int = 64
    """Channels of the enlarged picture."""
    outer_blocks: int = 5
    """Residual blocks before and after the branches."""


class Residual(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1)

    def forward(self, features: Tensor) -> Tensor:
        return features + self.conv2(F.relu(self.conv1(features)))


class Residuals(nn.Module):
    def __init__(self, channels: int, to: int, blocks: int) -> None:
        super().__init__()
        first = nn.Conv2d(channels, to, 3, padding=1)
        self.main = nn.Sequential(first, nn.LeakyReLU(0.1), nn.Sequential(*(Residual(to) for _ in range(blocks))))

    def forward(self, features: Tensor) -> Tensor:
        return self.main(features)


class Alignment(nn.Module):
    """
    Aligns the features of the two previous frames to the current one with a modulated deformable convolution of 3x3:
    each group of channels chooses nine places around the one that the flow points to, and weights them.
    """

    def __init__(self, channels: int, groups: int) -> None:
        super().__init__()
        self.groups = groups
        self.weight = nn.Parameter(torch.zeros(channels, 2 * channels, 3, 3))
        self.bias = nn.Parameter(torch.zeros(channels))
        widths = (3 * channels + 4, channels, channels, channels, 3 * TAPS * groups)
        pairs = zip(widths, widths[1:])
        layers = [part for pair in pairs for part in (nn.Conv2d(*pair, 3, padding=1), nn.LeakyReLU(0.1))]
        self.conv_offset = nn.Sequential(*layers[:-1])

    def forward(self, features: Tensor, seen: Tensor, flows: Tensor, grid: Grid) -> Tensor:
        """`flows`, [1, 4, h, w], point to the previous frame and to the one before it."""
        found = self.conv_offset(torch.cat([seen, flows], 1))
        offsets, weights = found.split((2 * TAPS * self.groups, TAPS * self.groups), 1)
        residues = (MOST_OFFSET * offsets.tanh()).view(2, self.groups // 2, TAPS, 2, -1)
        apart = residues.flip(3) + flows.view(2, 1, 1, 2, -1)  # residues have y first, flows x
        places = apart.view(self.groups, TAPS, 2, -1)
        return deformable(features, places, weights.sigmoid(), grid, self.weight) + self.bias[:, None]


def deformable(features: Tensor, apart: Tensor, weights: Tensor, grid: Grid, kernel: Tensor) -> Tensor:
    """
    A modulated deformable convolution of 3x3 without a bias. `apart`, [groups, 9, 2, h * w], says how far to the
    right and down of its own place each tap looks, and `weights`, [1, groups * 9, h, w], weights the taps. Returns
    [channels, h * w].
    """
    groups, channels = apart.shape[0], kernel.shape[1]
    taps = torch.arange(TAPS)
    tap = torch.stack((taps % 3 - 1, taps // 3 - 1), 1).float()[:, :, None]
    places = grid.places.view(1, 1, 2, -1) + (apart + tap) * grid.step.view(2, 1)
    grouped = torch.cat(features.split(channels // groups, 1))
    taken = sample(grouped, places.transpose(2, 3)) * weights.view(groups, 1, TAPS, -1)
    return kernel.flatten(1) @ taken.view(channels * TAPS, -1)


class Larger(nn.Module):
    def __init__(self, channels: int, to: int) -> None:
        super().__init__()
        self.upsample_conv = nn.Conv2d(channels, 4 * to, 3, padding=1)

    def forward(self, features: Tensor) -> Tensor:
        return F.pixel_shuffle(self.upsample_conv(features), 2)


class BasicVSRPlusPlus(nn.Module):
    """Enlarges frames [t, 3, h, w] four times, in their order. h and w must be multiples of 32; white is 1."""

    def __init__(self, shape: BasicVSRShape) -> None:
        super().__init__()
        self.shape = shape
        channels, features = shape.channels, shape.features
        self.spynet = SPyNet(shape.flow)
        self.feat_extract = Residuals(3, channels, shape.outer_blocks)
        self.deform_align = nn.ModuleDict({branch: Alignment(channels, shape.groups) for branch in BRANCHES})
        self.backbone = nn.ModuleDict(
            {branch: Residuals((2 + at) * channels, channels, shape.blocks) for at, branch in enumerate(BRANCHES)}
        )
        self.reconstruction = Residuals(5 * channels, channels, shape.outer_blocks)
        self.upsample1 = Larger(channels, channels)
        self.upsample2 = Larger(channels, features)
        self.conv_hr = nn.Conv2d(features, features, 3, padding=1)
        self.conv_last = nn.Conv2d(features, 3, 3, padding=1)

    def forward(self, frames: Tensor) -> Tensor:
        to_next, to_last = self.spynet(frames)
        known = [[features] for features in self.feat_extract(frames).split(1)]
        grid = grid_of(frames)
        for branch in BRANCHES:
            if branch.startswith('forward'):
                self.propagate(branch, known, to_last.split(1), grid)
            else:
                self.propagate(branch, known[::-1], to_next.split(1)[::-1], grid)
        pairs = zip(known, frames.split(1))
        return torch.cat([self.enlarge(torch.cat(features, 1), frame) for features, frame in pairs])

    def propagate(self, branch: str, known: list[list[Tensor]], flows: tuple[Tensor, ...], grid: Grid) -> None:
        """
        Appends the features of this branch to those of each frame, in the given order. `flows[i]` points from frame i
        + 1 to frame i.
        """
        nothing = torch.zeros_like(known[0][0])
        done: list[Tensor] = []
        for at, features in enumerate(known):
            aligned = nothing
            if at > 0:
                flow, before = flows[at - 1], done[at - 1]
                further, earlier, seen = torch.zeros_like(flow), nothing, nothing
                if at > 1:
                    earlier = done[at - 2]
                    further = flow + warp(flows[at - 2], flow, grid)
                    seen = warp(earlier, further, grid)
                context = torch.cat([warp(before, flow, grid), features[0], seen], 1)
                both = torch.cat([before, earlier], 1)
                aligned = self.deform_align[branch](both, context, torch.cat([flow, further], 1), grid).view_as(nothing)
            done.append(aligned + self.backbone[branch](torch.cat([*features, aligned], 1)))
        for features, new in zip(known, done):
            features.append(new)

    def enlarge(self, features: Tensor, frame: Tensor) -> Tensor:
        larger = F.leaky_relu(self.upsample1(self.reconstruction(features)), 0.1)
        larger = F.leaky_relu(self.upsample2(larger), 0.1)
        detail = self.conv_last(F.leaky_relu(self.conv_hr(larger), 0.1))
        return detail + F.interpolate(frame, scale_factor=float(SCALE), mode='bilinear', align_corners=False)
