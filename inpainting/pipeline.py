"""Inpainter: a photograph and a mask in, the photograph without the masked thing out.

The erase path in one place: mask -> crop -> generator -> detail -> paste.
"""

from pathlib import Path
from typing import TypeVar

import numpy as np
import torch
from PIL import Image

from inpainting.checkpoint import Checkpoint, load
from inpainting.crop import cut, shrink, windows
from inpainting.detail import add_detail
from inpainting.errors import InpaintingError
from inpainting.generator import Generator
from inpainting.mask import as_mask, grow, resize
from inpainting.paste import paste
from inpainting.photo import MAX_PIXELS, Photo, from_pil, to_pil

Picture = TypeVar("Picture", Photo, Image.Image, np.ndarray)


class Inpainter:
    """Erase what a mask covers; `Inpainter.from_pretrained("checkpoints/photo")` makes one."""

    def __init__(
        self,
        generator: Generator,
        device: str | torch.device | None = None,
        detail: bool = True,
    ):
        """Put a generator on a device; without detail its soft picture is the fill."""
        self.detail = detail
        self.device = torch.device(device or best_device())
        self.dtype = fastest_dtype(self.device)
        self.generator = generator.eval().requires_grad_(False)
        self.generator.to(self.device, self.dtype, memory_format=torch.channels_last)
        self.checkpoint: Checkpoint | None = None

    @classmethod
    def from_pretrained(
        cls,
        source: str | Path,
        revision: str | None = None,
        device: str | torch.device | None = None,
    ) -> "Inpainter":
        """Load weights from a folder, or from the Hub by `owner/name[@revision]`.

        Raises
        ------
        InpaintingError: if they cannot be had or do not fit; it names the folder or id tried.

        """
        checkpoint = load(source, revision)
        inpainter = cls(checkpoint.generator, device)
        inpainter.checkpoint = checkpoint
        return inpainter

    def __call__(self, photo: Picture, mask: object, margin: int | None = None) -> Picture:
        """Erase.

        Parameters
        ----------
        photo: a Photo, a PIL image, or HxW, HxWx3 or HxWx4 uint8 or uint16 in RGB order.
        mask: the photo's size; numpy or PIL, 1 / nonzero = erase (see `inpainting.mask.as_mask`).
        margin: pixels by which the hole is grown before it is filled; the ring fades from photo to
            fill. By default 1/400 of the photo's longer side, at least 3.

        Returns
        -------
        A new picture of the photo's kind, size, mode and depth, identical to it outside the grown
        hole. An empty mask gives back the photo unchanged.

        Raises
        ------
        InpaintingError: mask of another size, nothing left uncovered, photo too large.

        """
        if isinstance(photo, Photo):
            return photo.replace_pixels(self.erase(photo.pixels, mask, margin))
        if isinstance(photo, Image.Image):
            return to_pil(self(from_pil(photo), mask, margin))
        return self._array(np.asarray(photo), mask, margin)

    def _array(self, photo: np.ndarray, mask: object, margin: int | None) -> np.ndarray:
        if photo.ndim == 2:
            return self.erase(np.repeat(photo[..., None], 3, axis=2), mask, margin)[..., 0]
        if photo.ndim == 3 and photo.shape[2] == 4:
            filled = self.erase(photo[..., :3], mask, margin)
            return np.concatenate([filled, photo[..., 3:]], axis=2)
        return self.erase(photo, mask, margin)

    def erase(self, pixels: np.ndarray, mask: object, margin: int | None = None) -> np.ndarray:
        """Erase in plain pixels: HxWx3 uint8 or uint16 -> the same, a new array. As `__call__`."""
        check_pixels(pixels)
        height, width = pixels.shape[:2]
        painted = as_mask(mask, (width, height))
        if not painted.any():
            return pixels.copy()
        margin = default_margin((width, height)) if margin is None else margin
        hole = grow(painted, margin)
        if hole.all():
            raise InpaintingError(
                f"the mask covers all of the {width}x{height} photo: leave something to go by"
            )
        result, unknown = pixels.copy(), hole.copy()
        for window in windows(hole, self.generator.config.window):
            square, missing = cut(result, window), cut(unknown, window)
            fill = self.fill(square, missing, window.shown)
            if self.detail:
                fill = add_detail(square, missing, fill)
            paste(result, fill, hole, window, margin)
            box = window.hole
            unknown[box.top : box.bottom, box.left : box.right] = False  # known to later windows
        return result

    def fill(self, square: np.ndarray, hole: np.ndarray, shown: int) -> np.ndarray:
        """Show the generator one window.

        square: SxSx3 uint8 or uint16; hole: SxS bool, True = unknown; shown: pixels, the side it
        is scaled to -> shown x shown x 3 of the square's dtype.
        """
        half = np.iinfo(square.dtype).max / 2
        image = torch.from_numpy(shrink(square, shown).astype(np.float32) / half - 1)
        mask = torch.from_numpy(resize(hole, (shown, shown)).astype(np.float32))
        image = image.permute(2, 0, 1)[None].to(self.device, self.dtype)  # 1 x 3 x S x S
        mask = mask[None, None].to(self.device, self.dtype)  # 1 x 1 x S x S
        with torch.inference_mode():
            picture = self.generator(image, mask).gpnet.float().clamp(-1, 1)
        picture = (picture[0].permute(1, 2, 0).cpu().numpy() + 1) * half  # S x S x 3
        return picture.round().astype(square.dtype)

    def warm_up(self) -> None:
        """Run once at both usual sizes: the first run, which prepares the kernels, takes longer."""
        for side in (256, self.generator.config.window):
            self.fill(np.zeros((side, side, 3), np.uint8), np.ones((side, side), bool), side)


def check_pixels(pixels: np.ndarray) -> None:
    """Refuse what is no RGB photograph, or too large to hold."""
    fits = pixels.ndim == 3 and pixels.shape[2] == 3 and pixels.dtype in (np.uint8, np.uint16)
    if not fits or 0 in pixels.shape:
        raise InpaintingError(
            f"the photo is an array of shape {pixels.shape} and dtype {pixels.dtype}, expected "
            "HxW, HxWx3 or HxWx4 of uint8 or uint16: convert it"
        )
    if pixels.shape[0] * pixels.shape[1] > MAX_PIXELS:
        raise InpaintingError(
            f"the photo has {pixels.shape[1]}x{pixels.shape[0]} pixels, at most "
            f"{MAX_PIXELS // 10**6} million are held: make it smaller"
        )


def default_margin(size: tuple[int, int]) -> int:
    """Pixels to grow a hole by: a painted edge is as exact as the screen it was painted on."""
    return max(3, max(size) // 400)


def best_device() -> str:
    """The fastest device there is: cuda, mps, or cpu."""
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def fastest_dtype(device: torch.device) -> torch.dtype:
    """bf16 where the hardware computes in it, else float32."""
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
    native = device.type == "cpu" and any(
        torch.cpu.get_capabilities().get(name) for name in ("avx512_bf16", "amx_bf16")
    )
    return torch.bfloat16 if native else torch.float32
