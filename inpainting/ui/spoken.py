"""Refusals and bugs, said on the page in a sentence."""

import functools
import logging
from collections.abc import Callable

import gradio as gr

from inpainting.errors import InpaintingError
from inpainting.ui.words import BROKEN


def spoken(handler: Callable) -> Callable:
    """Turn a handler's refusal into a sentence on the page, and change nothing else there."""

    @functools.wraps(handler)
    def speaking(*given: object) -> object:
        try:
            return handler(*given)
        except InpaintingError as refusal:
            gr.Warning(str(refusal))
        except Exception:  # a bug: its trace is for the log, never for the page
            logging.exception("%s failed", handler.__name__)
            gr.Warning(BROKEN)
        return gr.skip()

    return speaking
