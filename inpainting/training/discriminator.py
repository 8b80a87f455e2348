"""The discriminator: a conventional CNN, real or made? (the paper's binary classifier).

By default it answers for every patch; ``patch=False`` averages the map into the paper's one
number per picture. "Designed so that gradients do not vanish": the activation leaks, and every
convolution starts with weights that keep signals and gradients at their size (He et al. 2015).
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional

from inpainting.errors import InpaintingError

FILE = "discriminator.safetensors"
SLOPE = 0.2  # of the leaking activation, below zero


@dataclass(frozen=True)
class DiscriminatorConfig:
    """What a discriminator is built from; saved with its weights."""

    width: int = 48  # channels of the first layer; they double up to 4 times as many
    patch: bool = True  # a logit for every patch; False: one for the picture


class Judgement(NamedTuple):
    """logits: Bx1xhxw (h = w = 1 for the scalar case), above 0 = real; features: per layer."""

    logits: Tensor
    features: tuple[Tensor, ...]


class Discriminator(nn.Module):
    """Three halvings, two more layers at 1/8 of the size: each patch is about 60 pixels wide."""

    def __init__(self, config: DiscriminatorConfig):
        super().__init__()
        self.config = config
        width = config.width
        plan = [(3, width), (width, 2 * width), (2 * width, 4 * width)]
        layers = [nn.Conv2d(inputs, outputs, 5, stride=2, padding=2) for inputs, outputs in plan]
        layers.append(nn.Conv2d(4 * width, 4 * width, 3, padding=1))
        self.layers = nn.ModuleList(layers)
        self.judge = nn.Conv2d(4 * width, 1, 3, padding=1)
        for layer in (*layers, self.judge):
            nn.init.kaiming_normal_(layer.weight, SLOPE)
            nn.init.zeros_(layer.bias)

    def forward(self, image: Tensor) -> Judgement:
        """image: Bx3xSxS in [-1, 1], a photograph or a composite -> Judgement at S/8."""
        features = []
        for layer in self.layers:
            image = functional.leaky_relu(layer(image), SLOPE)
            features.append(image)
        logits = self.judge(image)  # B x 1 x S/8 x S/8
        if not self.config.patch:
            logits = logits.mean(dim=(2, 3), keepdim=True)  # B x 1 x 1 x 1
        return Judgement(logits, tuple(features))


def save_discriminator(discriminator: Discriminator, folder: Path) -> None:
    """Write discriminator.safetensors, fp16, beside a checkpoint, so that training can go on."""
    weights = {
        name: tensor.detach().half().cpu().contiguous()
        for name, tensor in discriminator.state_dict().items()
    }
    save_file(weights, folder / FILE, metadata={"config": json.dumps(asdict(discriminator.config))})


def load_discriminator(discriminator: Discriminator, folder: Path) -> bool:
    """Fill it from a checkpoint folder, strictly; False if the folder holds none.

    Raises
    ------
    InpaintingError: if what is there was built from another config.

    """
    path = folder / FILE
    if not path.exists():
        return False
    with safe_open(path, "pt") as stored:
        config = json.loads((stored.metadata() or {}).get("config", "{}"))
        weights = {name: stored.get_tensor(name).float() for name in stored.keys()}  # noqa: SIM118
    if config != asdict(discriminator.config):
        raise InpaintingError(
            f"{folder.name}/{FILE} was built from {config}, the run asks for "
            f"{asdict(discriminator.config)}: give the run the same --discriminator-... flags"
        )
    discriminator.load_state_dict(weights)
    return True
