"""The few layers that both networks are made of.

No normalisation anywhere: batches are small, and a mean taken over hole and photo alike would leak
one into the other. Padding is zero, so that any size works, down to 16 x 16.
"""

from torch import Tensor, nn
from torch.nn import functional

SILU_GAIN = 1.68  # 1 / rms of SiLU of a standard normal: signals keep their size


def convolution(
    inputs: int, outputs: int, size: int = 3, stride: int = 1, dilation: int = 1, gain: float = 1.0
) -> nn.Conv2d:
    """Convolution that keeps height and width (divided by the stride).

    It starts with weights of standard deviation gain / sqrt(inputs * size^2) (He et al. 2015):
    without normalisation PyTorch's own start would lose the hole's signal within ten layers.
    """
    padding = dilation * (size // 2)
    layer = nn.Conv2d(inputs, outputs, size, stride, padding, dilation)
    nn.init.normal_(layer.weight, std=gain / (inputs * size**2) ** 0.5)
    nn.init.zeros_(layer.bias)
    return layer


class Activated(nn.Module):
    """Convolution, then SiLU: smooth, and as cheap as ReLU in bf16 on a CPU."""

    def __init__(self, inputs: int, outputs: int, size: int = 3, stride: int = 1):
        super().__init__()
        self.convolution = convolution(inputs, outputs, size, stride, gain=SILU_GAIN)

    def forward(self, x: Tensor) -> Tensor:
        """BxCxHxW -> Bxoutputsx(H/stride)x(W/stride)."""
        return functional.silu(self.convolution(x))


class Residual(nn.Module):
    """x + conv(SiLU(dilated conv(x))); starts as the identity (its last layer at zero)."""

    def __init__(self, channels: int, dilation: int = 1):
        super().__init__()
        self.wide = convolution(channels, channels, dilation=dilation, gain=SILU_GAIN)
        self.near = convolution(channels, channels)
        nn.init.zeros_(self.near.weight)
        nn.init.zeros_(self.near.bias)

    def forward(self, x: Tensor) -> Tensor:
        """BxCxHxW -> BxCxHxW."""
        return x + self.near(functional.silu(self.wide(x)))
