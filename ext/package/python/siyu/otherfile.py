"""Files that hold a table and are none: archives of one export, JSON of an interface, lines of JSON."""

import json
import os
import shutil
import tempfile
import zipfile

from .database import Failure
from .tablefile import Table

EXPORTS = (".csv", ".txt", ".tsv", ".xlsx", ".xlsm", ".xls", ".json", ".jsonl", ".html")


def is_archive(path):
    """A spreadsheet is an archive, too, with a list of its parts."""
    try:
        with zipfile.ZipFile(path) as archive:
            return "[Content_Types].xml" not in archive.namelist()
    except zipfile.BadZipFile:
        return False


class Archive:
    """The one export in an archive, as a file until close()."""

    def __init__(self, path, open_inside):
        name = os.path.basename(path)
        self.folder = tempfile.mkdtemp(prefix="siyu-unpacked-")
        try:
            with zipfile.ZipFile(path) as archive:
                inside = [i for i in archive.infolist() if not i.is_dir() and os.path.splitext(i.filename)[1].lower() in EXPORTS and not i.filename.startswith("__MACOSX/")]
                if len(inside) != 1:
                    raise Failure("%s is an archive of %s: unpack it and import what is in it" % (name, "%d exports" % len(inside) if inside else "no export"))
                if inside[0].flag_bits & 1:
                    raise Failure("%s is locked by a password: unpack it and import what is in it" % name)
                file = os.path.join(self.folder, "export" + os.path.splitext(inside[0].filename)[1].lower())
                with archive.open(inside[0]) as source, open(file, "wb") as target:
                    shutil.copyfileobj(source, target)
            self.table = open_inside(file)
            self.table.name = name
            self.table.remarks.append("out of an archive")
        except BaseException as error:
            self.close()
            if isinstance(error, (zipfile.BadZipFile, NotImplementedError)):
                raise Failure("%s cannot be unpacked: %s" % (name, error))
            raise

    def __enter__(self):
        return self.table

    def __exit__(self, *error):
        self.table.close()
        self.close()

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)


def is_json(head):
    """Whether a file begins as a list of objects does, or an object that holds one."""
    text = head.lstrip(b"\xef\xbb\xbf \r\n\t")
    if text[:1] == b"{":
        return text[1:].lstrip(b" \r\n\t")[:1] == b'"'
    return text[:1] == b"[" and text[1:].lstrip(b" \r\n\t")[:1] == b"{"


def flat(value, prefix="", out=None):
    """An object as cells: buyer.email for an object within; lists stay JSON."""
    out = {} if out is None else out
    for key, one in value.items():
        if isinstance(one, dict):
            flat(one, prefix + key + ".", out)
        elif one is None or isinstance(one, str):
            out[prefix + key] = one or ""
        elif isinstance(one, bool):
            out[prefix + key] = "true" if one else "false"
        else:
            out[prefix + key] = json.dumps(one, ensure_ascii=False) if isinstance(one, list) else str(one)
    return out


class JsonTable(Table):
    def __init__(self, path, skip=0):
        Table.__init__(self, path, skip)
        with open(path, encoding="utf-8-sig", errors="replace") as file:
            text = file.read()
        try:
            rows = self._objects(text)
        except ValueError as error:
            raise Failure("%s is no JSON: %s" % (self.name, error))
        if not rows:
            raise Failure("%s holds no list of objects" % self.name)
        rows = [flat(row) for row in rows]
        header = list(dict.fromkeys(key for row in rows for key in row))
        self.remarks.append("JSON")
        self._begin(iter([header] + [[row.get(key, "") for key in header] for row in rows]))

    def _objects(self, text):
        """[{...}], {"orders": [{...}]}, or an object a line."""
        number = {"parse_float": str, "parse_int": str}        # every digit
        try:
            whole = json.loads(text, **number)
        except ValueError:
            whole = [json.loads(line, **number) for line in text.splitlines() if line.strip()]
        if isinstance(whole, dict):
            lists = [one for one in whole.values() if isinstance(one, list) and one and all(isinstance(x, dict) for x in one)]
            whole = lists[0] if len(lists) == 1 else [whole]
        return [row for row in whole if isinstance(row, dict)]

    def close(self):
        pass
