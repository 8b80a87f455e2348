"""The few layers that both networks are made of.

No normalisation anywhere: batches are small, and a mean taken over hole and photo alike would leak
one into the other. Padding is zero, so that any size works, down to 16 x 16.
"""

from torch import Tensor, nn
from torch.nn import functional


def convolution(inputs: int, outputs: int, size: int = 3, stride: int = 1, dilation: int = 1):
    """Convolution that keeps height and width (divided by the stride)."""
    padding = dilation * (size // 2)
    return nn.Conv2d(inputs, outputs, size, stride, padding, dilation)


class Activated(nn.Module):
    """Convolution, then SiLU: smooth, and as cheap as ReLU in bf16 on a CPU."""

    def __init__(self, inputs: int, outputs: int, size: int = 3, stride: int = 1):
        super().__init__()
        self.convolution = convolution(inputs, outputs, size, stride)

    def forward(self, x: Tensor) -> Tensor:
        """BxCxHxW -> Bxoutputsx(H/stride)x(W/stride)."""
        return functional.silu(self.convolution(x))


class Residual(nn.Module):
    """x + conv(SiLU(dilated conv(x))); starts as the identity (He et al. 2016, zero-initialised)."""

    def __init__(self, channels: int, dilation: int = 1):
        super().__init__()
        self.wide = convolution(channels, channels, dilation=dilation)
        self.near = convolution(channels, channels)
        nn.init.zeros_(self.near.weight)
        nn.init.zeros_(self.near.bias)

    def forward(self, x: Tensor) -> Tensor:
        """BxCxHxW -> BxCxHxW."""
        return x + self.near(functional.silu(self.wide(x)))
