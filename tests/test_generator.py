"""SINet -> composite -> GPNet: sizes, polarity, and what must not be looked at."""

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from inpainting.generator import Generator, GeneratorConfig, composite

SMALL = GeneratorConfig(sinet_width=4, gpnet_width=8)


def randomised(config: GeneratorConfig = SMALL, seed: int = 0) -> Generator:
    """A generator in which no layer is left at its zero start."""
    torch.manual_seed(seed)
    generator = Generator(config).eval()
    with torch.no_grad():
        for parameter in generator.parameters():
            parameter.add_(torch.randn_like(parameter) * 0.05)
    return generator


@pytest.mark.parametrize("height, width", [(16, 16), (16, 160), (48, 32), (256, 256)])
def test_any_multiple_of_sixteen(height, width):
    image, mask = torch.zeros(2, 3, height, width), torch.ones(2, 1, height, width)
    with torch.no_grad():
        prediction = randomised()(image, mask)
    assert prediction.sinet.shape == prediction.gpnet.shape == (2, 3, height, width)


def test_another_size_is_refused_with_both_numbers():
    with pytest.raises(ValueError, match="40x32 .* multiples of 16"):
        Generator(SMALL)(torch.zeros(1, 3, 32, 40), torch.zeros(1, 1, 32, 40))


def test_composite_by_hand():
    image, prediction = torch.full((1, 3, 1, 2), 0.25), torch.full((1, 3, 1, 2), -0.5)
    mask = torch.tensor([[[[1.0, 0.0]]]])
    assert composite(image, mask, prediction)[0, 0, 0].tolist() == [-0.5, 0.25]


def test_the_hole_is_not_looked_at():
    """What stands under the mask may be anything: the prediction is the same."""
    torch.manual_seed(1)
    generator, image = randomised(), torch.rand(1, 3, 64, 64) * 2 - 1
    mask = torch.zeros(1, 1, 64, 64)
    mask[..., 20:40, 10:50] = 1
    other = torch.where(mask == 1, torch.rand_like(image), image)
    with torch.no_grad():
        first, second = generator(image, mask), generator(other, mask)
    assert torch.equal(first.sinet, second.sinet)
    assert torch.equal(first.gpnet, second.gpnet)


def test_known_pixels_and_the_mask_are_looked_at():
    generator, mask = randomised(), torch.zeros(1, 1, 64, 64)
    mask[..., 20:40, 10:50] = 1
    image = torch.zeros(1, 3, 64, 64)
    brighter = image + 0.5
    with torch.no_grad():
        inside = (mask == 1).expand_as(image)
        base = generator(image, mask).gpnet[inside]
        assert not torch.allclose(base, generator(brighter, mask).gpnet[inside], atol=1e-4)
        assert not torch.allclose(base, generator(image, mask * 0).gpnet[inside], atol=1e-4)


def test_gpnet_begins_as_sinet():
    torch.manual_seed(2)
    generator, image = Generator(SMALL), torch.rand(1, 3, 32, 32)
    mask = torch.ones(1, 1, 32, 32)
    prediction = generator(image, mask)
    assert torch.equal(prediction.gpnet, prediction.sinet)


def test_the_shipped_size_fits_the_budget():
    """At most 40 GMACs at 512 x 512, counted by torch; at most 25 MB as fp16."""
    with torch.device("meta"):
        generator = Generator(GeneratorConfig())
        image, mask = torch.zeros(1, 3, 512, 512), torch.zeros(1, 1, 512, 512)
        with FlopCounterMode(display=False) as counter, torch.no_grad():
            generator(image, mask)
    assert counter.get_total_flops() / 2 <= 40e9
    assert sum(parameter.numel() for parameter in generator.parameters()) * 2 <= 25e6
