"""A small CNN that reads digits: it was shown whole ones only, so a bad fill misleads it.

digits -> [classifier] -> scores. Its accuracy on whole test digits is the upper bound of what a
fill can reach, its accuracy on digits with a grey hole is what it reads without any fill.
"""

from pathlib import Path

import numpy as np
import safetensors.torch
import torch
from torch import Tensor, nn
from torch.nn import functional
from tqdm import tqdm

from inpainting.photo import write_whole
from inpainting.training.mnist.config import StudyConfig
from inpainting.training.mnist.digits import Digits

WIDTH = 16  # channels of the first layer, doubled by each halving
RATE = 2e-3  # Adam's, at its highest; it falls to 0 by a cosine
AT_ONCE = 500  # digits in one forward
SEED = 0


def build() -> nn.Sequential:
    """Three convolutions, each followed by a halving, and one linear layer: Nx1x32x32 -> Nx10."""
    pairs = [(1, WIDTH), (WIDTH, 2 * WIDTH), (2 * WIDTH, 4 * WIDTH)]
    layers = []
    for inputs, outputs in pairs:
        layers += [nn.Conv2d(inputs, outputs, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(4 * WIDTH * 4 * 4, 10))


def classifier(path: Path, digits: Digits, study: StudyConfig) -> nn.Sequential:
    """The classifier from its file, or trained on whole digits and stored there."""
    torch.manual_seed(SEED)
    network = build()
    if path.exists():
        network.load_state_dict(safetensors.torch.load(path.read_bytes()))
        return network.eval()
    steps, rng = study.classifier_steps, np.random.default_rng(SEED)
    optimizer = torch.optim.Adam(network.parameters(), RATE)
    falling = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    for _ in tqdm(range(steps), desc="classifier", unit=" steps"):
        chosen = torch.from_numpy(rng.integers(len(digits.labels), size=study.classifier_batch))
        logits = network(as_input(digits.pixels[chosen]))
        functional.cross_entropy(logits, digits.labels[chosen]).backward()
        optimizer.step()
        optimizer.zero_grad()
        falling.step()
    write_whole(safetensors.torch.save(network.state_dict()), path)
    return network.eval()


@torch.no_grad()
def read(network: nn.Module, pixels: Tensor) -> Tensor:
    """Nx32x32 uint8 -> N int64, the digits it takes them for."""
    return torch.cat([network(as_input(some)).argmax(dim=1) for some in pixels.split(AT_ONCE)])


def as_input(pixels: Tensor) -> Tensor:
    """Nx32x32 uint8 -> Nx1x32x32 float32 in [-1, 1]."""
    return pixels[:, None].float() / 127.5 - 1
