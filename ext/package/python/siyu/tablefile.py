"""Rows of the files that shops and platforms export: CSV of any encoding and separator, XLSX.

    with open_table("orders.csv") as t:
        t.header, t.remarks
        for row in t: ...
"""

import csv
import datetime
import itertools
import os

from .database import Failure

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
# Words that stand in headers: they tell GB18030 from Big5.
WORDS = {"gb18030": ("订单", "客户", "金额", "时间", "买家", "会员", "状态", "手机"),
         "big5": ("訂單", "客戶", "金額", "時間", "買家", "會員", "狀態", "手機")}


def _is_utf8(path):
    import codecs

    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with open(path, "rb") as file:
            while True:
                block = file.read(1 << 20)
                decoder.decode(block, not block)
                if not block:
                    return True
    except UnicodeDecodeError:
        return False


def encoding_of(path):
    """What the bytes are; never a guess between two that both fit the words of a header."""
    with open(path, "rb") as file:
        head = file.read(1 << 16)
    if head.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    high, low = head[1::2].count(0), head[0::2].count(0)     # of ASCII one byte of two is 0
    if high + low > len(head) // 8:
        return "utf-16-le" if high > low else "utf-16-be"
    if _is_utf8(path):
        return "utf-8"
    found = {}
    for name, words in WORDS.items():
        text = head.decode(name, "replace")
        odd = sum(1 for c in text if ord(c) > 127)
        bad = text.count("\ufffd")
        # letters between words of another alphabet pair with ASCII in GB18030: 'ü,' and 'ör'
        common = sum(1 for c in text if "\u4e00" <= c <= "\u9fff" or "\u3000" <= c <= "\u303f" or "\uff00" <= c <= "\uffef")
        if odd and bad <= odd // 100:
            found[name] = (sum(text.count(w) for w in words), common / odd)
    if found:
        best = max(found, key=lambda name: found[name])
        by_lines = _second_bytes(head)
        if found[best][0] or (found[best][1] > 0.8 and by_lines > 0.6):
            return best
    return "cp1252"


def _second_bytes(data):
    """Of pairs that begin with a high byte, the share that ends with one: Chinese has nearly all."""
    pairs = high = i = 0
    while i < len(data) - 1:
        if data[i] > 0x80:
            pairs += 1
            high += data[i + 1] > 0xA0
            i += 2
        else:
            i += 1
    return high / pairs if pairs else 0


def separator_of(sample):
    """The one that the first lines agree on."""
    best, most = ",", 0
    for separator in SEPARATORS:
        try:
            counts = [len(row) for row in csv.reader(sample.splitlines()[:25], delimiter=separator) if row]
        except csv.Error:
            continue
        if not counts:
            continue
        usual = max(set(counts), key=counts.count)
        score = counts.count(usual) / len(counts) * (usual - 1)
        if usual > 1 and score > most:
            best, most = separator, score
    return best


def unique(header):
    """Names of columns: none blank, none twice."""
    names, seen = [], set()
    for i, cell in enumerate(header):
        name = " ".join(str(cell if cell is not None else "").replace("\ufeff", "").split()) or "column %d" % (i + 1)
        base, n = name, 2
        while name.lower() in seen:
            name, n = "%s (%d)" % (base, n), n + 1
        seen.add(name.lower())
        names.append(name)
    return names


def _filled(row):
    return sum(1 for cell in row if str(cell if cell is not None else "").strip())


def _with_last(rows):
    """Each row, and whether it is the last one."""
    row = next(rows, None)
    while row is not None:
        after = next(rows, None)
        yield row, after is None
        row = after


def _goes_on(header, row):
    """Whether a row is the second line of the header: it names what merged cells above it left blank."""
    cells = [str(cell if cell is not None else "").strip() for cell in row]
    above = [str(cell if cell is not None else "").strip() for cell in header] + [""] * (len(cells) - len(header))
    return (any(cell and not up for cell, up in zip(cells, above)) and any(up and not cell for cell, up in zip(cells, above))
            and not any(c.isdigit() for cell in cells for c in cell))


class Table:
    """Rows of one file, as wide as its header."""

    def __init__(self, path, skip):
        self.path = path
        self.name = os.path.basename(path)
        self.skip = skip
        self.header = []
        self.remarks = []
        self.total = None           # of what `done` counts
        self.done = 0
        self.short = self.long = 0
        self.above = 0              # lines of titles above the header, seen by how few cells they have
        self.cut = None             # cells of a last line that ends before its end

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def _begin(self, rows):
        for _ in range(self.skip):
            next(rows, None)
        ahead = [row for row in itertools.islice(rows, 40) if _filled(row)]
        if not ahead:
            raise Failure("%s has no lines" % self.name)
        widest = max(map(_filled, ahead))
        while not self.skip and _filled(ahead[self.above]) <= 2 and _filled(ahead[self.above]) * 2 < widest:
            self.above += 1
        header = ahead[self.above]
        ahead = ahead[self.above + 1:]
        if ahead and _goes_on(header, ahead[0]):
            below = list(ahead.pop(0))
            header = [b if str(b if b is not None else "").strip() else a
                      for a, b in itertools.zip_longest(header, below, fillvalue="")]
            self.remarks.append("the header has two lines")
        rows = itertools.chain(ahead, rows)
        while header and (header[-1] is None or str(header[-1]).strip() == ""):
            header = header[:-1]
        self.header = unique(header)
        self._rows = rows

    def _is_cut(self, row):
        return False

    def __iter__(self):
        n = len(self.header)
        for row, last in _with_last(self._rows):
            if not any(cell not in (None, "") for cell in row):
                continue
            if last and self._is_cut(row):
                continue
            if len(row) < n:
                self.short += 1
                row = list(row) + [""] * (n - len(row))
            elif len(row) > n:
                if any(cell not in (None, "") for cell in row[n:]):
                    self.long += 1
                row = row[:n]
            yield row


class TextTable(Table):
    def __init__(self, path, encoding=None, separator=None, skip=0):
        Table.__init__(self, path, skip)
        self.encoding = encoding or encoding_of(path)
        self.ended = True
        self.total = os.path.getsize(path)
        try:
            self.raw = open(path, "rb")
            self.file = open(path, encoding=self.encoding, newline="", errors="strict" if encoding else "replace")
            sample = self.file.read(1 << 16)
        except LookupError:
            raise Failure("there is no encoding %s: for example utf-8, gb18030, big5, utf-16" % encoding)
        except UnicodeDecodeError as error:
            raise Failure("%s is no %s: %s" % (self.name, encoding, error))
        finally:
            if getattr(self, "raw", None):
                self.raw.close()
        lines = sample.splitlines()
        if lines and lines[0].lower().startswith("sep=") and not separator:
            separator = lines[0][4:5] or None
            self.skip += 1
        self.separator = separator or separator_of("\n".join(lines[self.skip:]))
        self.file.seek(0)
        if self.encoding not in ("utf-8", "utf-8-sig"):
            self.remarks.append("read as %s" % self.encoding.upper())
        if self.separator != ",":
            self.remarks.append("%s between the columns" % SEPARATORS.get(self.separator, repr(self.separator)))
        limit = csv.field_size_limit()
        csv.field_size_limit(max(limit, 1 << 24))
        self._begin(self._whole(csv.reader(self._lines(), delimiter=self.separator)))

    def _is_cut(self, row):
        """The last line of a file that does not end: what its last cell should have been nobody knows."""
        if self.ended or self.short or len(row) >= len(self.header):
            return False
        self.cut = len(row)
        return True

    def _whole(self, reader):
        """Rows; a cell that holds lines of the table themselves has a quote that nobody closed."""
        line, usual = 0, 0
        for row in reader:
            if reader.line_num - line > 1:
                for cell in row:
                    for inner in cell.splitlines()[1:]:
                        if usual > 2 and inner.count(self.separator) >= usual - 2:
                            raise Failure("%s: the quote in line %d is not closed, and the lines after it would be lost: mend that line or take the export again" % (self.name, line + 1))
            line, usual = reader.line_num, max(usual, len(row))
            yield row

    def _lines(self):
        try:
            for line in self.file:
                self.ended = line.endswith(("\n", "\r"))
                self.done += len(line)
                yield line.replace("\x00", "") if "\x00" in line else line
        except UnicodeDecodeError as error:
            raise Failure("%s is no %s: %s" % (self.name, self.encoding, error))

    def __iter__(self):
        try:
            for row in Table.__iter__(self):
                yield row
        except csv.Error as error:
            raise Failure("%s: %s" % (self.name, error))

    def close(self):
        self.file.close()


def cell_text(cell):
    """A cell of a spreadsheet as its text; a number whose digits are lost stays one in E notation."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        if not abs(cell) < 1e15:
            return "%.14E" % cell
        return str(int(cell)) if cell == int(cell) else repr(cell)
    if isinstance(cell, datetime.datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S") if cell.time() != datetime.time() else cell.strftime("%Y-%m-%d")
    if isinstance(cell, datetime.date):
        return cell.strftime("%Y-%m-%d")
    return str(cell)


class SheetTable(Table):
    def __init__(self, path, sheet=None, skip=0):
        Table.__init__(self, path, skip)
        try:
            import openpyxl
        except ImportError:
            raise Failure("%s is a spreadsheet: python -m pip install openpyxl reads it, or save it as CSV (UTF-8)" % self.name)
        try:
            self.book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        except Exception as error:
            raise Failure("%s cannot be read as a spreadsheet: %s" % (self.name, error))
        sheets = [s for s in self.book.worksheets if s.sheet_state == "visible"] or self.book.worksheets
        names = [s.title for s in sheets]
        if sheet is not None and sheet not in [s.title for s in self.book.worksheets]:
            raise Failure("%s has no sheet %s; it has: %s" % (self.name, sheet, ", ".join(names)))
        chosen = self.book[sheet] if sheet is not None else sheets[0]
        if sheet is None and len(names) > 1:
            self.remarks.append("sheet %s of %s; another with --sheet NAME" % (chosen.title, ", ".join(names)))
        chosen.reset_dimensions()   # what a platform writes there is often wrong
        self._begin(self._cells(chosen))

    def _cells(self, sheet):
        for row in sheet.iter_rows(values_only=True):
            self.done += 1
            yield [cell_text(cell) for cell in row]

    def close(self):
        self.book.close()


def open_table(path, encoding=None, separator=None, skip=0, sheet=None):
    if not os.path.isfile(path):
        raise Failure("cannot read the file %s" % path)
    with open(path, "rb") as file:
        head = file.read(8)
    if not head:
        raise Failure("%s is empty" % os.path.basename(path))
    if head.startswith(b"PK\x03\x04"):
        return SheetTable(path, sheet, skip)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Failure("%s is a spreadsheet of before 2007 (.xls): save it as .xlsx or CSV (UTF-8)" % os.path.basename(path))
    return TextTable(path, encoding, separator, skip)
