"""ST-LPIPS: how different two pictures look, as a network learned it from people's answers.

Shift-tolerant LPIPS (Ghildyal and Liu, ECCV 2022, arXiv 2207.13686): AlexNet whose every step of 2
is a blur first, so that a pixel's shift, which nobody sees, costs little. The published weights
come inside the package stlpips_pytorch; its code is not imported, as it asks for torchvision and
IPython. LPIPS' own weights give other numbers: the two are not to be compared.
"""

import re
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from inpainting.errors import InpaintingError

PACKAGE, WEIGHTS = "stlpips_pytorch", "weights/vST0.0/alex_shift_tolerant.pth"
CHANNELS = (64, 192, 384, 256, 256)
SEEN = (2, 6, 10, 12, 14)  # the trunk's layers whose outputs are compared
SMALLEST = 21  # pixels a side, so that the last blur has something to mirror


class Blur(nn.Module):
    """Every second pixel of the blurred image, by [1 2 1] x [1 2 1] / 16 (arXiv 1904.11486).

    Two pixels are mirrored at every side, one more than the filter asks for, as ST-LPIPS has it.
    """

    def __init__(self, channels: int):
        super().__init__()
        row = torch.tensor([1.0, 2.0, 1.0]) / 4
        self.register_buffer("filt", torch.outer(row, row).repeat(channels, 1, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        """BxCxhxw -> BxCx((h + 3) // 2)x((w + 3) // 2)."""
        padded = F.pad(x, (2, 2, 2, 2), mode="reflect")
        return F.conv2d(padded, self.filt, stride=2, groups=x.shape[1])


class StLpips(nn.Module):
    """The published metric, weights fixed: 0 for equal pictures, symmetric; less is better.

    Features first, distances then, so that one truth is seen once and held against many results.
    """

    def __init__(self):
        super().__init__()
        first, second, third, fourth, fifth = CHANNELS
        self.trunk = nn.Sequential(
            *(nn.Conv2d(3, first, 11, padding=2), Blur(first), nn.ReLU()),
            *(nn.MaxPool2d(3, 1), Blur(first), nn.Conv2d(first, second, 5, padding=2), nn.ReLU()),
            *(nn.MaxPool2d(3, 1), Blur(second), nn.Conv2d(second, third, 3, padding=1), nn.ReLU()),
            *(nn.Conv2d(third, fourth, 3, padding=1), nn.ReLU()),
            *(nn.Conv2d(fourth, fifth, 3, padding=1), nn.ReLU()),
        )
        self.linear = nn.ModuleList(nn.Conv2d(channels, 1, 1, bias=False) for channels in CHANNELS)
        self.register_buffer("shift", torch.zeros(1, 3, 1, 1))
        self.register_buffer("scale", torch.ones(1, 3, 1, 1))
        published = torch.load(weights_path(), map_location="cpu", weights_only=True)
        self.load_state_dict({our_name(key): value for key, value in published.items()})
        self.requires_grad_(False).eval()

    @torch.inference_mode()
    def features(self, picture: np.ndarray) -> tuple[Tensor, ...]:
        """HxWx3 uint8 -> of each of the five layers 1xCxhxw, of length 1 at every place.

        Raises
        ------
        InpaintingError: a picture of less than 21 pixels in height or width.

        """
        height, width, _ = picture.shape
        if min(height, width) < SMALLEST:
            raise InpaintingError(
                f"the picture is {height}x{width}: ST-LPIPS asks for {SMALLEST}x{SMALLEST} at least"
            )
        image = torch.tensor(picture).to(self.shift).permute(2, 0, 1)[None]  # 1x3xHxW, 0 to 255
        x = (image / 127.5 - 1 - self.shift) / self.scale
        features = []
        for index, layer in enumerate(self.trunk):
            x = layer(x)
            if index in SEEN:
                features.append(x / (x.norm(dim=1, keepdim=True) + 1e-10))
        return tuple(features)

    @torch.inference_mode()
    def distance(self, a: Sequence[Tensor], b: Sequence[Tensor]) -> float:
        """The published score of two pictures' features: the layers' mean distances, summed."""
        return float(sum(layer.mean() for layer in self._layers(a, b)))

    @torch.inference_mode()
    def distance_map(
        self, a: Sequence[Tensor], b: Sequence[Tensor], size: tuple[int, int]
    ) -> np.ndarray:
        """Where they differ: the layers' distances, scaled up to HxW and summed, float32.

        Its mean is `distance`, but for the scaling; over a hole it is the score of the hole.
        """
        layers = [
            F.interpolate(layer, size, mode="bilinear", align_corners=False)
            for layer in self._layers(a, b)
        ]
        return sum(layers)[0, 0].cpu().numpy()

    def _layers(self, a: Sequence[Tensor], b: Sequence[Tensor]) -> list[Tensor]:
        """Of each layer 1x1xhxw: the channels' squared differences under the learned weights."""
        return [weigh((x - y) ** 2) for weigh, x, y in zip(self.linear, a, b, strict=True)]


def weights_path() -> Path:
    """The published weights, inside their package, which is found and not imported."""
    package = find_spec(PACKAGE)
    if package is None or package.origin is None:
        raise ModuleNotFoundError(f"No module named {PACKAGE!r}", name=PACKAGE)
    return Path(package.origin).parent / WEIGHTS


def our_name(key: str) -> str:
    """The published name of a weight -> ours; theirs too counts the layers through the slices.

    Every one of ours is in the file, the blurs' filters and the input's shift and scale as well.
    """
    key = key.removeprefix("scaling_layer.")
    key = re.sub(r"^net\.slice\d\.", "trunk.", key)
    return re.sub(r"^lin(\d)\.model\.1\.", r"linear.\1.", key)
