"""Networks as methods: ours, its first stage, and strangers' files under LaMa's contract."""

import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, helper
from torch import Tensor, nn

from inpainting import Inpainter, InpaintingError
from inpainting.checkpoint import load, save
from inpainting.crop import windows
from inpainting.evaluation.models import (
    foreign,
    gpnet_alone,
    multiply_adds,
    ours,
    sinet_alone,
)
from inpainting.generator import composite
from tests.test_generator import SMALL, randomised

pytestmark = pytest.mark.filterwarnings("ignore:.*torch.jit:DeprecationWarning")


def picture(height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Noise with a black hole of 12x9, and that hole."""
    photo = np.random.default_rng(0).integers(0, 255, (height, width, 3), np.uint8)
    hole = np.zeros((height, width), bool)
    hole[3:15, 2:11] = True
    return np.where(hole[..., None], 0, photo).astype(np.uint8), hole


class Grey(nn.Module):
    """Half grey in the hole; `gain` is 255 for those who answer in 0..255."""

    def __init__(self, gain: float = 1.0):
        super().__init__()
        self.gain = gain

    def forward(self, image: Tensor, mask: Tensor) -> Tensor:
        return (image * (1 - mask) + 0.5 * mask) * self.gain


class Sides(nn.Module):
    """Paints the sides of what it is shown, in levels: height red, width green."""

    def forward(self, image: Tensor, mask: Tensor) -> Tensor:
        painted = torch.zeros_like(image) + mask * 0
        painted[:, 0] = image.shape[2] / 255
        painted[:, 1] = image.shape[3] / 255
        return painted


class Convolution(nn.Module):
    """One 3x3 convolution from image and mask."""

    def __init__(self):
        super().__init__()
        self.convolution = nn.Conv2d(4, 3, 3, padding=1)

    def forward(self, image: Tensor, mask: Tensor) -> Tensor:
        return torch.sigmoid(self.convolution(torch.cat([image, mask], 1)))


def scripted(network: nn.Module, path):
    torch.jit.script(network.eval()).save(str(path))
    return path


def grey_onnx(path, sides: tuple = ("h", "w"), gain: float = 1.0):
    """(image * (1 - mask) + 0.5 * mask) * gain, node by node."""
    numbers = {"one": 1.0, "half": 0.5, "gain": gain}
    graph = helper.make_graph(
        [
            helper.make_node("Sub", ["one", "mask"], ["known"]),
            helper.make_node("Mul", ["image", "known"], ["outside"]),
            helper.make_node("Mul", ["half", "mask"], ["inside"]),
            helper.make_node("Add", ["outside", "inside"], ["sum"]),
            helper.make_node("Mul", ["sum", "gain"], ["picture"]),
        ],
        "grey",
        [
            helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, *sides]),
            helper.make_tensor_value_info("mask", TensorProto.FLOAT, [1, 1, *sides]),
        ],
        [helper.make_tensor_value_info("picture", TensorProto.FLOAT, [1, 3, *sides])],
        [helper.make_tensor(n, TensorProto.FLOAT, [1], [v]) for n, v in numbers.items()],
    )
    opset = [helper.make_opsetid("", 17)]
    onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=8), path)
    return path


def expect_grey(fill) -> None:
    photo, hole = picture(21, 30)
    expected = np.where(hole[..., None], 128, photo)
    assert np.array_equal(fill(photo, hole), expected)


@pytest.mark.parametrize("gain", [1.0, 255.0])
def test_a_scripted_model_of_either_range_fills_any_size(tmp_path, gain):
    expect_grey(foreign(scripted(Grey(gain), tmp_path / "grey.pt")).fill)


@pytest.mark.parametrize("gain", [1.0, 255.0])
def test_an_onnx_model_of_either_range_fills_any_size(tmp_path, gain):
    loaded = foreign(grey_onnx(tmp_path / "grey.onnx", gain=gain))
    expect_grey(loaded.fill)
    assert loaded.parameters is None


def test_a_stranger_is_shown_multiples_of_eight_mirrored(tmp_path):
    photo, hole = picture(21, 30)
    shown = foreign(scripted(Sides(), tmp_path / "sides.jit")).fill(photo, hole)
    assert shown.shape == photo.shape
    assert (shown == [24, 32, 0]).all()


def test_a_fixed_onnx_size_is_taken_or_refused_by_a_sentence(tmp_path):
    fill = foreign(grey_onnx(tmp_path / "grey.onnx", (24, 32))).fill
    expect_grey(fill)
    refusal = r"grey.onnx takes \(1, 3, 24, 32\) and \(1, 1, 24, 32\), not an image \(1, 3, 40, 32"
    with pytest.raises(InpaintingError, match=refusal):
        fill(*picture(40, 32))


def test_what_is_no_model_is_refused_by_a_sentence(tmp_path):
    torch.save({"weight": torch.zeros(3)}, tmp_path / "weights.pth")
    with pytest.raises(InpaintingError, match="weights.pth is no TorchScript"):
        foreign(tmp_path / "weights.pth")
    with pytest.raises(InpaintingError, match="lama.ckpt is no model that can be run"):
        foreign(tmp_path / "lama.ckpt")


def test_an_answer_that_is_no_picture_is_refused(tmp_path):
    endless = foreign(scripted(Grey(float("inf")), tmp_path / "endless.pt")).fill
    with pytest.raises(InpaintingError, match="not finite"):
        endless(*picture(16, 16))
    torch.jit.trace(lambda image, mask: image[:, :1] + mask, example()).save(
        str(tmp_path / "one.pt")
    )
    with pytest.raises(InpaintingError, match=r"\(1, 1, 16, 16\) .* expected \(1, 3, 16, 16\)"):
        foreign(tmp_path / "one.pt").fill(*picture(16, 16))


def example() -> tuple[Tensor, Tensor]:
    return torch.rand(1, 3, 16, 16), torch.rand(1, 1, 16, 16)


@pytest.mark.parametrize("make", [torch.jit.script, lambda net: torch.jit.trace(net, example())])
def test_the_costs_of_torchscript_by_hand(tmp_path, make):
    make(Convolution().eval()).save(str(tmp_path / "one.pt"))
    loaded = foreign(tmp_path / "one.pt")
    assert loaded.parameters == 3 * 4 * 9 + 3
    assert multiply_adds(loaded.fill, *picture(16, 24)) == 16 * 24 * 3 * 4 * 9


def test_hidden_parameters_and_arithmetic_that_torch_does_not_see_are_none(tmp_path):
    frozen = torch.jit.freeze(torch.jit.script(Convolution().eval()))
    frozen.save(str(tmp_path / "frozen.pt"))
    assert foreign(tmp_path / "frozen.pt").parameters is None
    grey = foreign(grey_onnx(tmp_path / "grey.onnx")).fill
    assert multiply_adds(grey, *picture(16, 24)) is None


def test_ours_is_the_eraser_with_a_hard_edge(tmp_path):
    save(randomised(), tmp_path)
    photo, hole = picture(70, 90)
    loaded, inpainter = ours(str(tmp_path)), Inpainter.from_pretrained(tmp_path)
    result = loaded.fill(photo, hole)
    assert np.array_equal(result, inpainter(photo, hole, margin=0))
    assert np.array_equal(result[~hole], photo[~hole])
    assert not np.array_equal(result, inpainter(photo, hole, margin=3))
    assert loaded.parameters == sum(p.numel() for p in randomised().parameters())


def test_sinet_alone_is_the_composite_of_its_prediction(tmp_path):
    save(randomised(), tmp_path)
    photo, hole = picture(256, 256)  # exactly one window, at its own scale
    assert [window.side for window in windows(hole, SMALL.window)] == [256]
    loaded, inpainter = sinet_alone(str(tmp_path)), Inpainter.from_pretrained(tmp_path)
    device, dtype = inpainter.device, inpainter.dtype
    image = torch.from_numpy(photo / np.float32(127.5) - 1).permute(2, 0, 1)[None]
    mask = torch.from_numpy(hole).float()[None, None]
    with torch.inference_mode():
        image, mask = image.to(device, dtype), mask.to(device, dtype)
        inferred = inpainter.generator.sinet(image, mask).float().clamp(-1, 1)
        whole = composite(image.float(), mask.float(), inferred)
    expected = ((whole[0].permute(1, 2, 0).cpu().numpy() + 1) * 127.5).round()
    result = loaded.fill(photo, hole)
    assert np.abs(result - expected)[hole].max() <= 1
    assert np.array_equal(result[~hole], photo[~hole])
    assert not np.array_equal(result, ours(str(tmp_path)).fill(photo, hole))


def test_gpnet_alone_is_the_eraser_without_detail(tmp_path):
    save(randomised(), tmp_path)
    photo, hole = picture(256, 256)
    soft = Inpainter(load(tmp_path).generator, detail=False)(photo, hole, margin=0)
    assert np.array_equal(gpnet_alone(str(tmp_path)).fill(photo, hole), soft)
    assert not np.array_equal(soft, ours(str(tmp_path)).fill(photo, hole))


def test_sinet_alone_costs_its_own_layers_only(tmp_path):
    save(randomised(), tmp_path)
    first, whole = sinet_alone(str(tmp_path)), ours(str(tmp_path))
    sinet, gpnet = randomised().sinet, randomised().gpnet
    assert first.parameters == sum(p.numel() for p in sinet.parameters())
    assert whole.parameters - first.parameters == sum(p.numel() for p in gpnet.parameters())
    photo, hole = picture(256, 256)
    dearer = multiply_adds(whole.fill, photo, hole) - multiply_adds(first.fill, photo, hole)
    by_hand = 64 * 64 * 9 * (64 * 8 + 7 * 2 * 8 * 8 + 8 * 48)  # enter, 7 residuals, leave
    assert dearer == by_hand
