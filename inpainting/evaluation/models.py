"""Networks as methods: ours, its stages alone, and anybody else's from one file.

Each is loaded on the fastest device there is and gives a fill as the classical ones in `peers.py`:
(photo HxWx3 uint8 RGB, hole HxW bool, True = hole) -> HxWx3 uint8 RGB.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from inpainting.checkpoint import load
from inpainting.errors import InpaintingError
from inpainting.evaluation.peers import Fill
from inpainting.generator import Generator, Prediction
from inpainting.pipeline import Inpainter, best_device

MULTIPLE = 8  # of the sides that a stranger is shown: LaMa's own pad_out_to_modulo
TORCHSCRIPT = {".pt", ".pth", ".jit"}
Network = Callable[[np.ndarray, np.ndarray], np.ndarray]  # image, mask -> answer, as `foreign` says


class Loaded(NamedTuple):
    """A fill, and how many numbers its network has learned; None where the file hides them."""

    fill: Fill
    parameters: int | None


class FirstStage(nn.Module):
    """SINet in the generator's place: its picture is the final one, and GPNet is never run."""

    def __init__(self, generator: Generator):
        super().__init__()
        self.config = generator.config
        self.sinet = generator.sinet

    def forward(self, image: Tensor, mask: Tensor) -> Prediction:
        """As `Generator.forward`, with SINet's picture in both places."""
        picture = self.sinet(image, mask)
        return Prediction(picture, picture)


def ours(source: str) -> Loaded:
    """The eraser of a checkpoint (folder or Hub id), warm, filling exactly the given hole."""
    return exact(Inpainter.from_pretrained(source))


def sinet_alone(source: str) -> Loaded:
    """The same erase path with the generator's first stage only, its picture as it is."""
    return exact(Inpainter(FirstStage(load(source).generator), detail=False))


def gpnet_alone(source: str) -> Loaded:
    """The same erase path with both stages, their picture as it is: no detail from the photo."""
    return exact(Inpainter(load(source).generator, detail=False))


def exact(inpainter: Inpainter) -> Loaded:
    """An eraser, warmed up, with no margin and so a hard edge."""
    inpainter.warm_up()
    count = parameters(inpainter.generator)
    return Loaded(lambda photo, hole: inpainter(photo, hole, margin=0), count)


def foreign(path: Path) -> Loaded:
    """Somebody else's network from a TorchScript or ONNX file.

    It is called as LaMa's published TorchScript (github.com/advimman/lama) wants to be:

    image: 1x3xHxW float32 RGB in [0, 1], the hole as the caller shows it.
    mask: 1x1xHxW float32, 1 = hole.
    answer: 1x3xHxW RGB in [0, 1]; where its largest value is above 2, it is taken as 0..255, which
        LaMa's public ONNX file gives.

    H and W are multiples of 8: the photo is padded by reflection, and the answer is cut back.

    Raises
    ------
    InpaintingError: an unknown ending; and from the fill, a picture of a size that the file does
        not take, an answer that is no picture of this size.

    """
    ending = path.suffix.lower()
    if ending not in {*TORCHSCRIPT, ".onnx"}:
        raise InpaintingError(
            f"{path.name} is no model that can be run, expected TorchScript "
            f"({', '.join(sorted(TORCHSCRIPT))}) or .onnx: export it"
        )
    call, count = torchscript(path) if ending in TORCHSCRIPT else (onnx(path), None)

    def fill(photo: np.ndarray, hole: np.ndarray) -> np.ndarray:
        image, mask = as_input(photo) / np.float32(255), as_input(hole[..., None])
        return as_picture(call(image, mask), image.shape)[: hole.shape[0], : hole.shape[1]]

    return Loaded(fill, count)


def torchscript(path: Path) -> tuple[Network, int | None]:
    """Load a scripted or traced network, and count its parameters; weights alone are none."""
    device = best_device()
    try:
        network = torch.jit.load(str(path), map_location=device).eval()
    except RuntimeError as error:
        reason = str(error).partition("\n")[0]
        raise InpaintingError(
            f"{path.name} is no TorchScript ({reason}): weights alone cannot be run, export the "
            "whole model with torch.jit.trace"
        ) from error

    def call(image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        with torch.inference_mode():
            answer = network(*(torch.from_numpy(array).to(device) for array in (image, mask)))
            return answer.float().cpu().numpy()

    return call, parameters(network)


def onnx(path: Path) -> Network:
    """Load an ONNX file for the CPU; its first input is the image, the second the mask."""
    from onnxruntime import InferenceSession

    session = InferenceSession(path, providers=["CPUExecutionProvider"])
    names = [given.name for given in session.get_inputs()]
    wanted = [tuple(given.shape) for given in session.get_inputs()]

    def call(image: np.ndarray, mask: np.ndarray) -> np.ndarray:
        if not fits(wanted, [image.shape, mask.shape]):
            raise InpaintingError(
                f"{path.name} takes {' and '.join(map(str, wanted))}, not an image "
                f"{image.shape} and a mask {mask.shape}: choose pictures of its size"
            )
        return session.run(None, dict(zip(names, (image, mask), strict=True)))[0]

    return call


def fits(wanted: list[tuple], shapes: list[tuple]) -> bool:
    """Whether shapes are those that are asked for; there, a word or None stands for any number."""
    return [len(shape) for shape in wanted] == [len(shape) for shape in shapes] and all(
        number == given
        for shape, givens in zip(wanted, shapes, strict=True)
        for number, given in zip(shape, givens, strict=True)
        if isinstance(number, int)
    )


def as_input(pixels: np.ndarray) -> np.ndarray:
    """HxWxC -> 1xCxH'xW' float32, with H' and W' the next multiples of 8, mirrored into."""
    below, right = (-side % MULTIPLE for side in pixels.shape[:2])
    padded = np.pad(pixels, ((0, below), (0, right), (0, 0)), mode="symmetric")
    return np.ascontiguousarray(padded.transpose(2, 0, 1)[None], np.float32)


def as_picture(answer: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """1x3xHxW float in [0, 1] or 0..255 -> HxWx3 uint8; shape: what it must have."""
    if answer.shape != shape or not np.isfinite(answer).all():
        what = "numbers that are not finite" if answer.shape == shape else "no such picture"
        raise InpaintingError(
            f"the answer is {answer.shape} with {what}, expected {shape} in [0, 1] or 0..255: "
            "export a model that gives one RGB picture of the image's size"
        )
    scale = 1 if answer.max() > 2 else 255
    return (answer[0].transpose(1, 2, 0) * scale).round().clip(0, 255).astype(np.uint8)


def parameters(network: nn.Module) -> int | None:
    """How many numbers a network has learned; None if it hides them (frozen TorchScript)."""
    return sum(parameter.numel() for parameter in network.parameters()) or None


def multiply_adds(fill: Fill, photo: np.ndarray, hole: np.ndarray) -> float | None:
    """Multiply-adds of one fill: the convolutions and matrix products that torch runs in it.

    TorchScript is seen, frozen or not. Fourier transforms are not, nor is what
    `torch.jit.optimize_for_inference` made of a network: None if nothing was seen.
    """
    with FlopCounterMode(display=False) as counter:
        fill(photo, hole)
    return counter.get_total_flops() / 2 or None
