"""The page: photo -> painter -> Erase -> before and after -> download.

What happens on each event is a handler that takes named things and calls one function. A handler
refuses by an InpaintingError: the page says its sentence and stays as it was.
"""

import time
from collections.abc import Callable
from pathlib import Path

import gradio as gr
import numpy as np

from inpainting.errors import InpaintingError
from inpainting.mask import read_mask
from inpainting.photo import Photo
from inpainting.ui import words
from inpainting.ui.endpoint import publish
from inpainting.ui.examples import Example, find_examples, strip
from inpainting.ui.session import (
    Session,
    begin,
    go_on,
    keep_result,
    photo_of,
    write_download,
)
from inpainting.ui.spoken import spoken
from inpainting.ui.strokes import OPACITY, PAINT, SCRIPT, what_to_erase, write_strokes
from inpainting.ui.words import say

Eraser = Callable[[Photo, np.ndarray], Photo]

KINDS = ["image", ".heic", ".heif", ".avif", ".tif", ".tiff"]  # not every system calls these images
HOUR, DAY = 3600, 86400  # seconds: the cache is swept every hour of files older than a day
KEEP_PHOTO = Path(__file__).with_name("painter.js")
# The painter sizes strokes that it is given by the largest photo it has had since it was empty.
EMPTIED = "async () => { await window.editor?.reset_canvas(); }"
BRUSH = 30  # pixels of the preview, a radius: a finger's width on a phone
PRIVATE = {"api_visibility": "private", "show_progress": "minimal"}
SILENT = {"api_visibility": "private", "show_progress": "hidden"}
# One erase at a time: it takes all cores.
MODEL = {"concurrency_id": "model", "concurrency_limit": 1}


def build_page(erase: Eraser, examples: Path) -> gr.Blocks:
    """Build the page around an eraser.

    Parameters
    ----------
    erase: takes a photo and an HxW bool mask, True = erase; gives the photo without it.
    examples: folder of `images`, `masks` and `results` with equal stems; it may be empty.

    """
    with gr.Blocks(title=say("title"), analytics_enabled=False, delete_cache=(HOUR, DAY)) as page:
        Page(erase, find_examples(examples))
    return page.queue(max_size=20, default_concurrency_limit=2)


def launch(page: gr.Blocks, **server: object) -> None:
    """Serve the page with its looks and its words; `server` is handed to Gradio's launch."""
    theme = gr.themes.Default(
        primary_hue="rose",
        font=["system-ui", "sans-serif"],  # the reader's own: nothing to load
        font_mono=["ui-monospace", "monospace"],
    )
    page.launch(
        theme=theme,
        css_paths=Path(__file__).with_name("style.css"),
        i18n=say,
        footer_links=["api", "settings"],
        max_file_size="100mb",
        run_history=False,  # a browser others use too should not keep the photos
        **server,
    )


class Page:
    """The parts of the page and what happens on each event."""

    def __init__(self, erase: Eraser, examples: list[Example]):
        self.erase = erase
        self.examples = examples
        self.session = gr.State()
        self.strokes = gr.Textbox(visible=False)
        gr.Markdown(f"# {say('title')}", elem_id="title")
        self.sentence = gr.Markdown(say("sentence"), elem_id="sentence", elem_classes="no-photo")
        with gr.Row(elem_id="work"):
            with gr.Column(elem_id="left", scale=1, min_width=320):
                self.lay_out_left()
            with gr.Column(elem_id="right", scale=1, min_width=320):
                self.lay_out_right()
        self.gallery = self.lay_out_examples()
        self.wire()
        publish(erase, **MODEL)

    def lay_out_left(self) -> None:
        """Photo, painter, Erase, and a mask file for those who have one or cannot paint."""
        self.photo = gr.File(show_label=False, file_types=KINDS, height=140, elem_id="photo")
        self.painter = gr.ImageEditor(
            show_label=False,
            elem_id="painter",
            height="min(520px, 100vw)",  # without one the tools hide behind a tall photo
            sources=(),  # a photo given to the painter itself would be sent back as PNG
            transforms=(),
            layers=False,
            canvas_size=(64, 64),  # none of the photos is smaller: see EMPTIED
            buttons=[],
            brush=gr.Brush(default_size=BRUSH, colors=[(PAINT, OPACITY)], color_mode="fixed"),
            eraser=gr.Eraser(default_size=BRUSH),
            interactive=True,
        )
        self.button = gr.Button(say("erase"), variant="primary", size="lg", elem_id="erase")
        with gr.Accordion(say("mask"), open=False, elem_id="mask"):
            self.mask_file = gr.File(
                label=say("mask_file"), file_types=KINDS, height=120, elem_id="mask-file"
            )

    def lay_out_right(self) -> None:
        """The result, a line about it, and what to do with it."""
        self.slider = gr.ImageSlider(
            show_label=False,
            elem_id="slider",
            type="filepath",  # ready JPEGs: anything else is encoded anew, which takes longer
            buttons=["fullscreen"],
            max_height=520,
            interactive=False,
        )
        self.line = gr.Markdown(elem_id="line")
        with gr.Row(equal_height=True):
            self.again = gr.Button(say("again"), interactive=False, elem_id="again")
            self.download = gr.DownloadButton(
                say("download"), interactive=False, elem_id="download"
            )

    def lay_out_examples(self) -> gr.Gallery:
        """One strip for each example; none, no gallery."""
        gr.Markdown(say("examples"), visible=bool(self.examples), elem_id="examples-title")
        return gr.Gallery(
            [strip(example) for example in self.examples],
            show_label=False,
            container=False,
            format="webp",
            columns=2,
            object_fit="contain",
            height="auto",
            allow_preview=False,
            interactive=False,
            buttons=[],
            visible=bool(self.examples),
            elem_id="examples",
        )

    def wire(self) -> None:
        """Which event calls which handler, with what, and what it may change."""
        done = [self.session, self.slider, self.line, self.again, self.download]
        fresh = [self.sentence, self.painter, self.mask_file, *done]
        calm = {**PRIVATE, "show_progress_on": self.line}  # on the painter it would cover the photo
        shown = [
            self.photo.upload(spoken(self.open_photo), self.photo, fresh, **calm),
            self.gallery.select(spoken(self.open_example), None, fresh, js=EMPTIED, **calm),
            self.painter.clear(spoken(self.show_again), self.session, self.painter, **calm),
            self.again.click(spoken(self.continue_from_result), self.session, fresh, **calm),
        ]
        for event in shown:
            event.then(None, js=KEEP_PHOTO.read_text(), **SILENT)
        shown[0].then(None, None, self.photo, js="() => null", **SILENT)  # ready for another
        self.button.click(
            spoken(self.erase_strokes),
            [self.strokes, self.mask_file, self.session],
            done,
            js=SCRIPT.read_text(),
            **MODEL,
            **PRIVATE,
            show_progress_on=self.slider,
        ).success(spoken(self.prepare_download), self.session, self.download, **SILENT)

    def open_photo(self, file: str) -> dict:
        """A photo was given: show it in the painter."""
        return self.show(begin(Path(file)))

    def open_example(self, chosen: gr.SelectData) -> dict:
        """An example was chosen: show its photo with its mask painted, ready to erase."""
        example = self.examples[chosen.index]
        session = begin(example.photo)
        return self.show(session, read_mask(example.mask, photo_of(session).size))

    def continue_from_result(self, session: Session | None) -> dict:
        """Take the result as the photo to erase from."""
        return self.show(go_on(held(session)))

    def show_again(self, session: Session | None) -> dict:
        """The painter was emptied: put the photo back, without strokes."""
        return {self.painter: painting(session)} if session else gr.skip()

    def erase_strokes(self, strokes: str, mask_file: str | None, session: Session | None) -> dict:
        """Erase what is painted, or marked in the mask file, and show before and after."""
        started = time.perf_counter()
        before = photo_of(held(session))
        mask = what_to_erase(strokes, mask_file, before.size)
        session = keep_result(session, before, self.erase(before, mask))
        seconds = time.perf_counter() - started
        return {
            self.session: session,
            self.slider: (str(session.shown), str(session.erased)),
            self.line: words.report(before.size, mask.mean(), seconds),
            self.again: gr.Button(interactive=True),
            self.download: gr.DownloadButton(value=None, interactive=False),
        }

    def prepare_download(self, session: Session | None) -> dict:
        """Write the result at full size, once it is on the screen: nobody waits for a PNG."""
        if session is None or session.patch is None:
            return gr.skip()
        return {self.download: gr.DownloadButton(value=write_download(session), interactive=True)}

    def show(self, session: Session, mask: np.ndarray | None = None) -> dict:
        """A photo in the painter, and nothing left of an earlier one."""
        return {
            # Said here, beside the painter: an update of what holds it makes it upload its photo.
            self.sentence: gr.Markdown(elem_classes=""),
            self.session: session,
            self.painter: painting(session, mask),
            self.mask_file: None,
            self.slider: None,
            self.line: "",
            self.again: gr.Button(interactive=False),
            self.download: gr.DownloadButton(value=None, interactive=False),
        }


def painting(session: Session, mask: np.ndarray | None = None) -> dict:
    """What the painter is given: the preview, and a mask as strokes that can be rubbed out."""
    layers = [] if mask is None else [str(write_strokes(mask, session.shown))]
    return {"background": str(session.shown), "layers": layers, "composite": None}


def held(session: Session | None) -> Session:
    """What is remembered of a person; refuses one whom the server does not know."""
    if session is None:
        raise InpaintingError(words.NO_PHOTO)
    return session
