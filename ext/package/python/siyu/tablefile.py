"""Rows of the files that shops and platforms export: CSV of any encoding and separator, XLSX.

    with open_table("orders.csv") as t:
        t.header, t.remarks
        for row in t: ...
"""

import csv
import itertools
import os
import re

from .database import Failure

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
# Words that stand in headers: they tell GB18030 from Big5.
WORDS = {"gb18030": ("订单", "客户", "金额", "时间", "买家", "会员", "状态", "手机"),
         "big5": ("訂單", "客戶", "金額", "時間", "買家", "會員", "狀態", "手機")}
# Of these only the words tell: their bytes could be any.
MORE_WORDS = {"cp932": ("注文", "受注", "金額", "日時", "商品", "購入", "顧客", "ステータス"), "euc_kr": ("주문", "금액", "결제", "상품", "구매", "고객", "상태"),
              "cp1251": ("заказ", "сумма", "дата", "клиент", "покупател", "Заказ", "Сумма", "Дата", "Клиент", "Покупател")}


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
    words = {name: sum(head.decode(name, "replace").count(w) for w in MORE_WORDS[name]) for name in MORE_WORDS}
    more = max(words, key=lambda name: words[name])
    if words[more] > 1 and words[more] > max([found[name][0] for name in found] or [0]):
        return more
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
    return (_filled(row) > 1 and any(cell and not up for cell, up in zip(cells, above)) and any(up and not cell for cell, up in zip(cells, above))
            and not any(c.isdigit() for cell in cells for c in cell))


def header_of(ahead, known):
    """(header, lines above it, whether it has two lines) of the first lines that are not blank."""
    above, two, widest = 0, False, max(map(_filled, ahead))
    while not known and _filled(ahead[above]) <= 2 and _filled(ahead[above]) * 2 < widest:
        above += 1
    header = ahead[above]
    if len(ahead) > above + 1 and _goes_on(header, ahead[above + 1]):
        below = list(ahead[above + 1])
        header = [b if str(b if b is not None else "").strip() else a for a, b in itertools.zip_longest(header, below, fillvalue="")]
        two = True
    while header and (header[-1] is None or str(header[-1]).strip() == ""):
        header = header[:-1]
    return header, above, two


def _class_of(cell):
    """What a cell looks like: a number, a day or a time, words; None for nothing."""
    cell = str(cell if cell is not None else "").strip()
    if not cell:
        return None
    if re.match(r"^[-+(]*[￥¥$€£]?\s*\d[\d,]*(\.\d+)?\)?$", cell):
        return "number"
    return "time" if re.match(r"^\d{1,4}[-/.年:]\d", cell) else "words"


def _joined(row, n, like):
    """The ways to put 1 and 200.00 together again, whose comma was taken for the end of a cell, that make n cells
    like those of another row."""
    if len(row) == n:
        good = all(a is None or b is None or a == b for a, b in zip(map(_class_of, row), like))
        return [row] if good else []
    found = []
    for i in range(len(row) - 1):
        if re.match(r"^[-+(]*[￥¥$€£]?\s*\d{1,3}(,\d{3})*$", row[i].strip()) and re.match(r"^\d{3}(\.\d+)?\)?$", row[i + 1].strip()):
            for way in _joined(row[:i] + [row[i].strip() + "," + row[i + 1].strip()] + row[i + 2:], n, like):
                if way not in found:
                    found.append(way)
    return found


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
        self.short = self.long = self.joined = 0
        self._grouped, self._group = False, None
        self._like = None           # what the cells of a row look like
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
        header, self.above, two = header_of(ahead, bool(self.skip))
        if two:
            self.remarks.append("the header has two lines")
        ahead = ahead[self.above + (2 if two else 1):]
        rows = itertools.chain(ahead, rows)
        self._grouped = not str(header[0] if header[0] is not None else "").strip()
        self._like = next((list(map(_class_of, row)) for row in ahead if len(row) == len(header)), None)
        self.header = unique(header)
        self._rows = rows

    def _is_cut(self, row):
        return False

    def _under(self, row):
        """A name alone below a blank header heads the rows that follow it: a customer, a product.  None for that line."""
        first, others = str(row[0] if row[0] is not None else "").strip(), _filled(row[1:])
        if first and not others:
            self._group = first
            return None
        return [self._group] + list(row[1:]) if self._group and not first and others else row

    def _rejoin(self, row, n):
        """A row that is longer than the header: amounts with commas that nobody quoted, or something behind it."""
        while row and row[-1] in (None, ""):
            row.pop()
        ways = _joined(row, n, self._like) if self._like and len(row) - n <= 4 and all(isinstance(c, str) for c in row) else []
        if len(ways) == 1:
            self.joined += 1
            return ways[0]
        if ways:
            raise Failure("%s: a line has %d cells below %d headers, as of amounts with commas and no quotes, and it can be read in several ways: %s" % (self.name, len(row), n, ",".join(row)))
        self.long += 1
        return row

    def __iter__(self):
        n = len(self.header)
        for row, last in _with_last(self._rows):
            if not any(cell not in (None, "") for cell in row):
                continue
            if self._grouped and row:
                row = self._under(row)
                if row is None:
                    continue
            if last and self._is_cut(row):
                continue
            if len(row) < n:
                self.short += 1
                row = list(row) + [""] * (n - len(row))
            elif len(row) > n:
                if any(cell not in (None, "") for cell in row[n:]):
                    row = self._rejoin(list(row), n)
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


def open_table(path, encoding=None, separator=None, skip=0, sheet=None, roles=None):
    """roles(header, rows): what its columns are, {header: role}; by it the sheets of a book are told apart."""
    from .otherfile import Archive, JsonTable, is_archive, is_json
    from .sheetfile import PageTable, SheetTable, is_page

    if not os.path.isfile(path):
        raise Failure("cannot read the file %s" % path)
    with open(path, "rb") as file:
        head = file.read(64)
    if not head:
        raise Failure("%s is empty" % os.path.basename(path))
    if head.startswith(b"PK\x03\x04") and is_archive(path):
        return Archive(path, lambda inside: open_table(inside, encoding, separator, skip, sheet, roles))
    if head.startswith(b"PK\x03\x04"):
        return SheetTable(path, sheet, skip, roles)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise Failure("%s is a spreadsheet of before 2007 (.xls): save it as .xlsx or CSV (UTF-8)" % os.path.basename(path))
    if head.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b")):
        raise Failure("%s is no table: export CSV or XLSX, or unpack it" % os.path.basename(path))
    if is_json(head):
        return JsonTable(path, skip)
    if is_page(head):
        return PageTable(path, encoding or encoding_of(path), skip)
    return TextTable(path, encoding, separator, skip)
