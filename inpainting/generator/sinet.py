"""SINet, the Semantic Inferring Network: a first, whole picture from what is known.

image, mask -> [SINet] -> composite -> GPNet. After the paper (generator, first network) and the
IJCAI-19 network it names (Ma et al., arXiv 1909.12507): convolutions whose channels grow step by
step, then upsampling back to full size; skips carry the known part only, the hole is inferred.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from inpainting.generator.layers import Activated, Residual, convolution


class Up(nn.Module):
    """Nearest x2 after a 1x1 convolution, the known skip added, then a 3x3 convolution."""

    def __init__(self, inputs: int, outputs: int):
        super().__init__()
        self.narrow = convolution(inputs, outputs, size=1)
        self.refine = Activated(outputs, outputs)

    def forward(self, x: Tensor, skip: Tensor, mask: Tensor) -> Tensor:
        """BxinputsxHxW, Bxoutputsx2Hx2W, Bx1x2Hx2W -> Bxoutputsx2Hx2W."""
        x = functional.interpolate(self.narrow(x), scale_factor=2.0, mode="nearest")
        return self.refine(x + skip * (1 - mask))


class SINet(nn.Module):
    """Growing convolutions to 1/16 of the size, dilated residuals there, and up again."""

    def __init__(self, width: int, dilations: tuple[int, ...]):
        super().__init__()
        channels = [width, 2 * width, 4 * width, 8 * width, 8 * width]  # at S, S/2, S/4, S/8, S/16
        pairs = list(zip(channels, channels[1:], strict=False))
        self.stem = Activated(4, width, size=5)
        self.down = nn.ModuleList(Activated(near, far, stride=2) for near, far in pairs)
        self.middle = nn.Sequential(*(Residual(channels[-1], dilation) for dilation in dilations))
        self.up = nn.ModuleList(Up(far, near) for near, far in reversed(pairs))
        self.picture = convolution(width, 3)

    def forward(self, image: Tensor, mask: Tensor) -> Tensor:
        """Infer the whole picture.

        image: Bx3xHxW in [-1, 1]; mask: Bx1xHxW, 1 = hole; H, W multiples of 16 -> Bx3xHxW.
        """
        x = self.stem(torch.cat([image * (1 - mask), mask], dim=1))  # B x c x S
        skips, masks = [], []
        for down in self.down:
            skips.append(x)
            masks.append(mask)
            x = down(x)  # B x 2c..8c x S/2..S/16
            mask = functional.max_pool2d(mask, 2)  # a cell with any hole in it is hole
        x = self.middle(x)  # B x 8c x S/16
        for up in self.up:
            x = up(x, skips.pop(), masks.pop())  # B x 8c..c x S/8..S
        return self.picture(x)
