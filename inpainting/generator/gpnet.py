"""GPNet, the Global Perceiving Network: looks at hidden and open areas alike, and refines.

image, mask -> SINet -> composite -> [GPNet]. After the paper (generator, second network): dilated
convolutions that keep spatial information and no deconvolution layers. We read that literally:
pixels are folded into channels (space to depth, nothing lost), the dilated residual convolutions
all run at that one size, and the channels are unfolded again.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from inpainting.generator.layers import Activated, Residual, convolution

FOLD = (
    4  # a 4x4 square of pixels becomes one cell of 16 channels each: full size would be 16x dearer
)


class GPNet(nn.Module):
    """Space to depth, dilated residual convolutions at quarter size, depth to space."""

    def __init__(self, width: int, dilations: tuple[int, ...]):
        super().__init__()
        self.enter = Activated(4 * FOLD**2, width)
        self.perceive = nn.Sequential(*(Residual(width, dilation) for dilation in dilations))
        self.leave = convolution(width, 3 * FOLD**2)
        nn.init.zeros_(self.leave.weight)  # begins by handing SINet's picture on
        nn.init.zeros_(self.leave.bias)

    def forward(self, combined: Tensor, mask: Tensor) -> Tensor:
        """Refine the composite.

        combined: Bx3xHxW in [-1, 1], photo outside the hole and SINet inside; mask: Bx1xHxW,
        1 = hole; H, W multiples of 16 -> Bx3xHxW.
        """
        x = functional.pixel_unshuffle(torch.cat([combined, mask], dim=1), FOLD)  # B x 64 x S/4
        x = self.perceive(self.enter(x))  # B x width x S/4
        return combined + functional.pixel_shuffle(self.leave(x), FOLD)  # B x 3 x S
