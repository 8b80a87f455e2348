"""Load the eraser, build the page, launch: `python app.py`, here and on a Space.

Gradio itself reads GRADIO_SERVER_NAME, GRADIO_SERVER_PORT and its other environment variables.
"""

import argparse
from pathlib import Path

from inpainting import Inpainter, InpaintingError
from inpainting.ui import build_page, launch

HOME = Path(__file__).parent


def main() -> None:
    """Serve the page until it is stopped."""
    flags = argparse.ArgumentParser(description="Serve the photo eraser's page.")
    flags.add_argument("--port", type=int, help="default: the first free one from 7860 on")
    flags.add_argument("--checkpoint", default=HOME / "checkpoints" / "photo", help="folder, or id")
    given = flags.parse_args()
    try:
        eraser = Inpainter.from_pretrained(given.checkpoint)
    except InpaintingError as refusal:
        raise SystemExit(str(refusal)) from refusal
    eraser.warm_up()  # the first click is to be as quick as the second
    launch(build_page(eraser, HOME / "examples"), server_port=given.port)


if __name__ == "__main__":
    main()
