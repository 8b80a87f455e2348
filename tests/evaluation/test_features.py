"""EfficientNet-lite0's features: fixed, of the promised sizes, and looking at the picture."""

import numpy as np
import torch

from inpainting.evaluation.features import EfficientNetFeatures, picture_features


def test_sizes_by_block_and_no_trainable_weight():
    network = EfficientNetFeatures((0, 2, 4, 10, 15))
    features = network(torch.zeros(2, 3, 64, 64))
    assert [tuple(feature.shape[-2:]) for feature in features] == [
        (32, 32),
        (16, 16),
        (8, 8),
        (4, 4),
        (2, 2),
    ]
    assert not any(parameter.requires_grad for parameter in network.parameters())
    assert not network.train().training


def test_they_tell_pictures_apart_and_let_gradients_through():
    network = EfficientNetFeatures((2,))
    image = torch.linspace(-1, 1, 64).expand(1, 3, 64, 64).clone().requires_grad_()
    (plain,), (ramp,) = network(torch.zeros(1, 3, 64, 64)), network(image)
    assert not torch.allclose(plain, ramp)
    ramp.sum().backward()
    assert image.grad.abs().sum() > 0


def test_a_row_a_picture_of_any_size():
    rng = np.random.default_rng(0)
    pictures = [
        rng.integers(0, 256, (*size, 3), np.uint8) for size in ((64, 64), (70, 45), (33, 64))
    ]
    rows = picture_features(iter(pictures))
    assert rows.shape == (3, 320) and rows.dtype == np.float64
    assert not np.allclose(rows[0], rows[1])
    np.testing.assert_allclose(picture_features(pictures[::-1]), rows[::-1], rtol=1e-5, atol=1e-6)


def test_a_row_is_the_mean_of_the_last_block():
    picture = np.random.default_rng(0).integers(0, 256, (64, 96, 3), np.uint8)
    image = torch.tensor(picture / 127.5 - 1, dtype=torch.float32).permute(2, 0, 1)[None]
    (last,) = EfficientNetFeatures((15,))(image)
    np.testing.assert_allclose(
        picture_features([picture])[0], last.mean(dim=(0, 2, 3)).numpy(), rtol=1e-4, atol=1e-5
    )
