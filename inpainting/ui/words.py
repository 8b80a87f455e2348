"""Every word on the page, in English and Ukrainian; the browser's language chooses.

The sentences that answer a click come from the server, which does not know that language: English.
"""

import gradio as gr

ENGLISH = {
    "title": "Photo eraser",
    "sentence": "Paint over something in a photo and it is gone. Everything else stays as it was.",
    "erase": "Erase",
    "mask": "Have a mask already?",
    "mask_file": "White is erased; the size is the photo's",
    "again": "Continue from this",
    "download": "Download",
    "examples": "Or try one of these",
}
UKRAINIAN = {
    "title": "Фотогумка",
    "sentence": "Зафарбуйте на фото зайве, і воно зникне. Усе інше лишиться, як було.",
    "erase": "Стерти",
    "mask": "Маєте готову маску?",
    "mask_file": "Біле зникне; розмір — як у фото",
    "again": "Продовжити з цим",
    "download": "Завантажити",
    "examples": "Або спробуйте на цих",
}
say = gr.I18n(en=ENGLISH, uk=UKRAINIAN)

NO_PHOTO = "There is no photo yet: choose one, or take an example."
PHOTO_GONE = "The photo is no longer on the server: please choose it again."
NO_STROKE = "Nothing is painted yet: paint over what should go, then press Erase."
NO_PAINTER = "The strokes could not be read from this browser: please give a mask file instead."
TOO_MUCH = "{share:.0%} of the photo is painted over: leave at least a tenth to fill from."
NOTHING_ERASED = "Nothing has been erased yet: press Erase first."
BROKEN = "Something went wrong here. Your photo and your strokes are kept: please try again."


def report(size: tuple[int, int], share: float, seconds: float) -> str:
    """One line under a result: width and height, share of the photo erased, time it took."""
    width, height = size
    return f"{width} × {height} px · {share:.1%} erased · {seconds:.1f} s"
