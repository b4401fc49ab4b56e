#!/usr/bin/env python3
"""docs/notebooks/first-hour.ipynb from first-hour.md, executed.

    python docs/notebooks/make_notebook.py [--check]

Text of the .md becomes cells of Markdown, its ```python and ```sql blocks become cells that run
(sql: by JupySQL's %%sql).  --check runs it and compares what it prints with what is committed.
Wanted: siyu, jupysql, nbclient, ipykernel, pandas, matplotlib."""

import json
import os
import re
import sys
import tempfile

import nbformat
from nbclient import NotebookClient

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.join(HERE, "first-hour.md")
TARGET = os.path.join(HERE, "first-hour.ipynb")


def cells(text):
    for i, part in enumerate(re.split(r"^```(python|sql)\n(.*?)^```\n", text, flags=re.M | re.S)):
        if i % 3 == 0 and part.strip():
            yield nbformat.v4.new_markdown_cell(part.strip())
        elif i % 3 == 1:
            kind = part
        elif i % 3 == 2:
            yield nbformat.v4.new_code_cell(("%%sql\n" if kind == "sql" else "") + part.strip())


def made():
    with open(SOURCE, encoding="utf-8") as file:
        book = nbformat.v4.new_notebook(cells=list(cells(file.read())))
    book.metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
                     "language_info": {"name": "python"}}
    with tempfile.TemporaryDirectory() as folder:
        NotebookClient(book, timeout=300, kernel_name="python3", resources={"metadata": {"path": folder}}).execute()
    for i, cell in enumerate(book.cells):
        cell.id = "c%02d" % i
        if cell.cell_type == "code":
            cell.metadata = {}
            cell.outputs = [clean(output) for output in together(cell.outputs)]
    return book


def together(outputs):
    """What is printed in several goes, which is up to the machine's haste, as one."""
    kept = []
    for output in outputs:
        if output.output_type != "stream":
            kept.append(output)
        elif output.name == "stdout":
            if kept and kept[-1].output_type == "stream":
                kept[-1].text += output.text
            else:
                kept.append(output)
    return kept


def clean(output):
    """One way to show it is enough; pictures stay small."""
    data = output.get("data")
    if data:
        if "image/png" in data:
            output["data"] = {"image/png": data["image/png"]}
        elif "text/html" in data:
            html = re.sub(r"<style scoped>.*?</style>\s*", "", data["text/html"], flags=re.S)
            output["data"] = {"text/html": html, "text/plain": data.get("text/plain", "")}
        output["metadata"] = {}
    return output


def said(book):
    """What is printed, without pictures, whose bytes differ between versions of matplotlib."""
    lines = []
    for cell in book.cells:
        lines.append("".join(cell.source))
        for output in together(cell.get("outputs", [])):
            lines.append(re.sub(r"made in \d+ s", "made in some s", output.get("text") or "") or output.get("data", {}).get("text/plain", "") if "image/png" not in output.get("data", {}) else "[picture]")
    return lines


def main():
    book = made()
    if "--check" in sys.argv:
        committed = nbformat.read(TARGET, as_version=4)
        for old, new in zip(said(committed) + ["(end)"], said(book) + ["(end)"]):
            if old != new:
                sys.exit("committed:\n%s\nnow:\n%s\nmake_notebook.py writes it anew" % (old, new))
        print("first-hour.ipynb: %d cells as committed" % len(book.cells))
        return
    text = nbformat.writes(book)
    with open(TARGET, "w", encoding="utf-8") as file:
        file.write(text + "\n")
    print("%s: %d cells, %d bytes" % (TARGET, len(book.cells), len(text)))


if __name__ == "__main__":
    main()
