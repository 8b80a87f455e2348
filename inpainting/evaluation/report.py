"""The report of a run: table.csv, table.md, a contact sheet and a plot for each group of cases."""

import csv
from pathlib import Path

from inpainting.evaluation.cases import Case
from inpainting.evaluation.groups import groups
from inpainting.evaluation.plot import draw_plot
from inpainting.evaluation.record import Record
from inpainting.evaluation.sheet import write_sheet
from inpainting.evaluation.tables import markdown, rows
from inpainting.photo import write_whole


def report(record: Record, cases: list[Case], methods: list[str], against: str) -> str:
    """Write everything into the run's folder; returns table.md.

    methods: in the order of the tables; against: the one that all are paired with.
    """
    found = groups(record, cases, methods)
    text = "\n".join(markdown(group, against) for group in found)
    write_whole(text.encode(), record.out / "table.md")
    write_csv([row for group in found for row in rows(group, against)], record.out / "table.csv")
    for group in found:
        write_sheet(group, record, record.out / f"sheet-{group.name}.jpg")
        draw_plot(group, record.out / f"plot-{group.name}.png")
    return text


def write_csv(table: list[dict], path: Path) -> None:
    """One line for each method, band and score."""
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, table[0].keys())
        writer.writeheader()
        writer.writerows(table)
