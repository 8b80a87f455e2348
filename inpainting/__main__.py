"""python -m inpainting  erase | train | curve | evaluate | costs: a thin layer over the package."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from tqdm import tqdm

from inpainting.errors import InpaintingError
from inpainting.training.config import TrainConfig
from inpainting.training.flags import takes_config

if TYPE_CHECKING:
    from inpainting.batch import Job
    from inpainting.pipeline import Inpainter

SHIPPED = Path(__file__).parent.parent / "checkpoints" / "photo"

app = typer.Typer(
    help="Erase things from photographs; train and measure the network that does it.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    add_completion=False,
)

Existing = Annotated[Path, typer.Argument(exists=True)]
Weights = Annotated[
    str, typer.Option(help="checkpoint folder, or owner/name[@revision] on the Hub")
]


@app.command()
def erase(
    photo: Existing,
    mask: Existing,
    out: Annotated[Path, typer.Option("-o", "--out", help="file, or folder for a folder")],
    checkpoint: Weights = str(SHIPPED),
    margin: Annotated[int | None, typer.Option(min=0, help="pixels to grow the mask by")] = None,
    device: Annotated[str | None, typer.Option(help="cpu, cuda, mps; default: the fastest")] = None,
) -> None:
    """Erase from PHOTO what is white in MASK; both may be folders, matched by stem."""
    from inpainting.batch import jobs
    from inpainting.pipeline import Inpainter

    todo = jobs(photo, mask, out)
    inpainter = Inpainter.from_pretrained(checkpoint, device=device)
    refused = 0
    for job in tqdm(todo, unit=" photos", disable=len(todo) == 1):
        try:
            erase_file(inpainter, job, margin)
        except (InpaintingError, OSError) as refusal:
            refused += 1
            tqdm.write(f"{job.photo.name}: {refusal}", file=typer.get_text_stream("stderr"))
    raise typer.Exit(1 if refused else 0)


def erase_file(inpainter: "Inpainter", job: "Job", margin: int | None) -> None:
    """Read, erase and write one job."""
    from inpainting.mask import read_mask
    from inpainting.photo import read_photo, write_photo

    if job.mask is None:
        raise InpaintingError("there is no mask of that stem: add one, or name one mask for all")
    photo = read_photo(job.photo)
    result = inpainter(photo, read_mask(job.mask, photo.size), margin)
    job.out.parent.mkdir(parents=True, exist_ok=True)
    write_photo(result, job.out)


@app.command()
@takes_config(TrainConfig())
def train(
    config: TrainConfig,
    data: Annotated[list[Path], typer.Option(help="zip files or folders of photographs")],
    run: Annotated[Path, typer.Option(help="run folder; an existing one is resumed")],
    more: Annotated[list[Path] | None, typer.Argument(metavar="[DATA]...")] = None,
    init: Annotated[Path | None, typer.Option(help="checkpoint folder to start from")] = None,
    limit: Annotated[int, typer.Option(help="use only the first so many photographs")] = 0,
) -> None:
    """Train a generator on photographs; stop with Ctrl-C, go on with the same command."""
    from inpainting.training.loop import train

    train(config, data + (more or []), run, init, limit)  # as in --data A.zip B.zip


@app.command()
def curve(
    runs: Annotated[list[Path], typer.Argument(exists=True, file_okay=False)],
    out: Annotated[Path, typer.Option("-o", "--out", help="a .png or .svg file")],
) -> None:
    """Draw the losses of training runs, one panel a loss, one line a run."""
    from inpainting.training.curve import draw

    draw(runs, out)


@app.command()
def evaluate(
    photos: Annotated[Path, typer.Option(exists=True, file_okay=False, help="photographs")],
    out: Annotated[Path, typer.Option(help="folder for table.csv, table.md and sheet.jpg")],
    checkpoint: Weights = str(SHIPPED),
    size: Annotated[int, typer.Option(help="pixels, side of the squares cut for the test")] = 512,
    limit: Annotated[int, typer.Option(help="use only the first so many photographs")] = 0,
    seed: Annotated[int, typer.Option(help="of the holes")] = 0,
) -> None:
    """Score the eraser beside Telea, Navier-Stokes, PatchMatch and the mean colour."""
    from inpainting.evaluation.benchmark import evaluate

    print(evaluate(photos, out, checkpoint, size, limit, seed))


@app.command()
def costs(
    megapixels: Annotated[list[int], typer.Argument(min=1)] = [1, 12, 24],  # noqa: B006
    checkpoint: Weights = str(SHIPPED),
) -> None:
    """Print seconds and peak memory of one erase for photographs of these sizes."""
    from inpainting.evaluation.costs import table

    print(table(megapixels, checkpoint))


def main() -> None:
    """Run the command line; our own refusals are one sentence on stderr and exit code 1."""
    try:
        app()
    except InpaintingError as refusal:
        typer.secho(str(refusal), fg="red", err=True)
        raise SystemExit(1) from refusal
    except ModuleNotFoundError as error:
        sentence = f"{error.name} is not installed: pip install -r requirements-dev.txt"
        typer.secho(sentence, fg="red", err=True)
        raise SystemExit(1) from error


if __name__ == "__main__":
    main()
