"""The public endpoint, for programs: photo file, mask file -> photo file, erased."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import gradio as gr

from inpainting.errors import InpaintingError
from inpainting.mask import read_mask
from inpainting.photo import read_photo, write_photo
from inpainting.ui.session import erased_name
from inpainting.ui.strokes import check_share


def publish(erase: Callable, **queue: object) -> None:
    """Add `/erase` to the page that is being built; `queue` says how its calls wait in line."""

    def erase_files(photo: str, mask: str) -> str:
        """Erase from a photo what a mask marks; everything else stays as it was.

        Gives the photo at its full size, in its own format.
        """
        try:
            return str(_erase_file(Path(photo), Path(mask), erase))
        except InpaintingError as refusal:
            raise gr.Error(str(refusal), print_exception=False) from refusal

    photo = gr.File(label="photo: JPEG, PNG, WebP, HEIC, TIFF", visible=False)
    mask = gr.File(label="mask: of the photo's size, white where to erase", visible=False)
    erased = gr.File(label="the photo, erased, in its own format", visible=False)
    button = gr.Button(visible=False)  # never pressed: an endpoint hangs on an event
    button.click(erase_files, [photo, mask], erased, api_name="erase", **queue)


def _erase_file(photo: Path, mask: Path, erase: Callable) -> Path:
    before = read_photo(photo)
    hole = read_mask(mask, before.size)
    check_share(hole)
    after = erase(before, hole)
    path = Path(tempfile.mkdtemp(dir=photo.parent), erased_name(photo, after))  # in Gradio's cache
    write_photo(after, path)
    return path
