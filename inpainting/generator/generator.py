"""Generator: SINet -> composite -> GPNet. The paper's figure in one forward."""

from dataclasses import dataclass
from typing import NamedTuple

from torch import Tensor, nn

from inpainting.generator.composite import composite
from inpainting.generator.gpnet import GPNet
from inpainting.generator.sinet import SINet

MULTIPLE = 16  # height and width must be multiples of this: SINet halves four times


@dataclass(frozen=True)
class GeneratorConfig:
    """What a generator is built from; saved with its weights."""

    sinet_width: int = 32  # channels at full size; 8 times as many at 1/16
    sinet_dilations: tuple[int, ...] = (1, 2, 1)  # residual blocks at 1/16 of the size
    gpnet_width: int = 64  # channels at a quarter of the size
    gpnet_dilations: tuple[int, ...] = (1, 2, 4, 8, 4, 2, 1)  # residual blocks at a quarter
    window: int = 256  # pixels: the side of the square it is shown, near what it was trained on


class Prediction(NamedTuple):
    """Both networks' pictures, Bx3xHxW about [-1, 1], neither composited nor clipped."""

    sinet: Tensor
    gpnet: Tensor


class Generator(nn.Module):
    """The paper's generator; fully convolutional."""

    def __init__(self, config: GeneratorConfig):
        super().__init__()
        self.config = config
        self.sinet = SINet(config.sinet_width, config.sinet_dilations)
        self.gpnet = GPNet(config.gpnet_width, config.gpnet_dilations)

    def forward(self, image: Tensor, mask: Tensor) -> Prediction:
        """Predict what stands in the hole.

        Parameters
        ----------
        image: Bx3xHxW float in [-1, 1]; pixels inside the hole are not looked at.
        mask: Bx1xHxW float, 1 inside the hole, 0 outside.

        Raises
        ------
        ValueError: if H or W is not a multiple of 16.

        """
        height, width = image.shape[-2:]
        if height % MULTIPLE or width % MULTIPLE:
            raise ValueError(
                f"image is {width}x{height} but both sides must be multiples of {MULTIPLE}"
            )
        inferred = self.sinet(image, mask)
        refined = self.gpnet(composite(image, mask, inferred), mask)
        return Prediction(inferred, refined)
