"""Rows of spreadsheets: the tabs that have the orders, cells merged over the lines of an order, formulas; and of the
pages that some programs call .xls."""

import datetime
import html.parser
import itertools
import re

from .database import Failure
from .tablefile import Table, header_of, unique

LOOK = 60                            # lines at the head of a tab by which it is judged
KEYS = ("order", "customer", "time", "amount")
OTHER_TABS = re.compile("退|取消|作废|模板|示例|说明|refund|return|cancel|template|sample|example", re.I)     # not read with the others
MONEY = ("amount", "refund", "price", "quantity")


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


class Tab:
    """A sheet as its first lines show it."""

    def __init__(self, sheet, skip, roles):
        self.sheet, self.title = sheet, sheet.title
        self.lines = [[cell_text(c) for c in row] for row in itertools.islice(sheet.iter_rows(values_only=True), skip + LOOK)]
        self.header, self.body, self.roles = [], [], {}
        filled = [i for i, row in enumerate(self.lines) if i >= skip and any(c.strip() for c in row)]
        if not filled:
            return
        header, above, two = header_of([self.lines[i] for i in filled], bool(skip))
        self.header = unique(header)
        self.begin = filled[above + (1 if two else 0)] + 1               # lines up to the header's last one
        self.body = [self.lines[i] for i in filled[above + (2 if two else 1):]]
        self.roles = roles(self.header, self.body) if roles else {}

    def keys(self):
        return {header for header, role in self.roles.items() if role in KEYS}

    def score(self):
        return len({self.roles[header] for header in self.keys()}) if self.body else 0


class SheetTable(Table):
    def __init__(self, path, sheet=None, skip=0, roles=None):
        Table.__init__(self, path, skip)
        try:
            import openpyxl
        except ImportError:
            raise Failure("%s is a spreadsheet: python -m pip install openpyxl reads it, or save it as CSV (UTF-8)" % self.name)
        self._load = openpyxl.load_workbook
        try:
            self.book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        except Exception as error:
            raise Failure("%s cannot be read as a spreadsheet: %s" % (self.name, error))
        sheets = [s for s in self.book.worksheets if s.sheet_state == "visible"] or self.book.worksheets
        names = [s.title for s in sheets]
        if sheet is not None and sheet not in [s.title for s in self.book.worksheets]:
            raise Failure("%s has no sheet %s; it has: %s" % (self.name, sheet, ", ".join(names)))
        if sheet is not None:
            sheets = [self.book[sheet]]
        for one in sheets:
            one.reset_dimensions()   # what a platform writes there is often wrong
        tabs = self._chosen([Tab(one, skip, roles) for one in sheets])
        read = [tab.title for tab in tabs]
        if sheet is None and len(names) > 1:
            self.remarks.append("sheet%s %s of %s; another with --sheet NAME" % ("s" if len(read) > 1 else "", ", ".join(read), ", ".join(names)))
        for tab in tabs:
            self._formulas(tab)
        self._begin(self._cells(tabs[0]))
        first = self._rows
        self._rows = itertools.chain(first, *[self._aligned(tab) for tab in tabs[1:]])

    def _chosen(self, tabs):
        """The tab that tells most of orders, and those that tell it under the same headers; never a copy of one."""
        best = max(tabs, key=lambda tab: (tab.score(), not OTHER_TABS.search(tab.title)))
        if best.score() < 2:
            return tabs[:1]
        chosen = []
        for tab in tabs:
            if tab is not best and (not tab.body or not best.keys() <= set(tab.header) or tab.keys() != best.keys()):
                continue
            if any(other.lines == tab.lines for other in chosen):
                self.remarks.append("sheet %s is a copy" % tab.title)
                continue
            chosen.append(tab)
        usual = [tab for tab in chosen if not OTHER_TABS.search(tab.title)]
        chosen = usual if best in usual else [best]
        self._apart(chosen, best)
        return chosen

    def _apart(self, tabs, best):
        """A tab of all orders beside one a month would count them twice."""
        had = {}
        for tab in tabs:
            at = {header: i for i, header in enumerate(tab.header)}
            order = [at.get(header, -1) for header in best.header]
            rows = {tuple(row[i].strip() if 0 <= i < len(row) else "" for i in order) for row in tab.body}
            for other, others in had.items():
                shared = len(rows & others)
                if shared > 2 or (shared and shared * 2 >= min(len(rows), len(others))):
                    raise Failure("%s: sheets %s and %s share lines, and together would count them twice: --sheet NAME reads one of %s" % (self.name, other, tab.title, ", ".join(t.title for t in tabs)))
            had[tab.title] = rows

    def _aligned(self, tab):
        """The rows of a further tab under the headers of the first."""
        if self.skip:
            self.remarks.append("--skip counts in each sheet")
        at = {header: i for i, header in enumerate(tab.header)}
        order = [at.get(header, -1) for header in self.header]
        for row in itertools.islice(self._cells(tab), tab.begin, None):
            if any(cell.strip() for cell in row):
                yield [row[i] if 0 <= i < len(row) else "" for i in order]

    def _formulas(self, tab):
        """A program that writes formulas leaves their values to the spreadsheet that opens the file."""
        blank = [i for i, header in enumerate(tab.header) if header in tab.roles and tab.body and not any(i < len(row) and row[i].strip() for row in tab.body)]
        if not blank:
            return
        book = self._load(self.path, read_only=True, data_only=False)
        try:
            for row in itertools.islice(book[tab.title].iter_rows(values_only=True), tab.begin, LOOK):
                for i in blank:
                    if i < len(row) and isinstance(row[i], str) and row[i].startswith("="):
                        raise Failure("%s: column %s holds formulas whose values nobody has reckoned: open the file in a spreadsheet, save it and import it again" % (self.name, tab.header[i]))
        finally:
            book.close()

    def _merged(self, tab):
        """{(line, column): last line} of cells merged downwards below the header, both from 0."""
        spans = {}
        try:
            file = self.book._archive.open(tab.sheet._worksheet_path)
        except (AttributeError, KeyError):
            return spans
        with file:
            rest = b""
            for block in iter(lambda: file.read(1 << 20), b""):
                data = rest + block
                at = data.rfind(b"<") if len(data) > 200 else 0
                for letters, top, bottom in re.findall(rb'<mergeCell ref="([A-Z]+)(\d+):[A-Z]+(\d+)"', data[:at] if at > 0 else data):
                    column = 0
                    for letter in letters.decode():
                        column = column * 26 + ord(letter) - 64
                    if int(bottom) > int(top) > tab.begin:
                        spans[(int(top) - 1, column - 1)] = int(bottom) - 1
                rest = data[at:] if at > 0 else b""
        return spans

    def _cells(self, tab):
        """Rows; what is merged over several stands in each of them, but money once."""
        spans = self._merged(tab) if tab.header else {}
        money = {i for i, header in enumerate(tab.header) if tab.roles.get(header) in MONEY}
        spans = {at: last for at, last in spans.items() if at[1] not in money}
        if spans:
            self.remarks.append("merged cells are filled")
        going = {}
        for line, row in enumerate(tab.sheet.iter_rows(values_only=True)):
            self.done += 1
            cells = [cell_text(cell) for cell in row]
            if spans:
                for column, (last, text) in list(going.items()):
                    if line > last:
                        del going[column]
                    elif column < len(cells) and not cells[column]:
                        cells[column] = text
                for column, text in enumerate(cells):
                    last = spans.get((line, column))
                    if last:
                        going[column] = (last, text)
            yield cells

    def close(self):
        self.book.close()


class _Rows(html.parser.HTMLParser):
    """The rows of the tables of a page, or of a spreadsheet that is one file of XML."""

    def __init__(self):
        html.parser.HTMLParser.__init__(self, convert_charrefs=True)
        self.rows, self.row, self.cell, self.span = [], None, None, 1

    def handle_starttag(self, tag, attributes):
        tag, attributes = tag.split(":")[-1], {k.split(":")[-1]: v for k, v in attributes}
        if tag in ("tr", "row"):
            self.row = []
        elif tag in ("td", "th", "cell") and self.row is not None:
            at = attributes.get("index")
            while at and at.isdigit() and len(self.row) < int(at) - 1:
                self.row.append("")
            self.cell = []
            self.span = int(attributes.get("colspan") or 1) if (attributes.get("colspan") or "1").isdigit() else 1
        elif tag == "br" and self.cell is not None:
            self.cell.append(" ")

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        self.handle_endtag(tag)

    def handle_endtag(self, tag):
        tag = tag.split(":")[-1]
        if tag in ("td", "th", "cell") and self.cell is not None and self.row is not None:
            self.row.append("".join(self.cell).replace("\xa0", " ").strip())
            self.row.extend([""] * (self.span - 1))
            self.cell = None
        elif tag in ("tr", "row") and self.row is not None:
            self.rows.append(self.row)
            self.row = None

    def handle_data(self, data):
        if self.cell is not None:
            self.cell.append(data)


def is_page(head):
    """Whether a file begins as a page of HTML or XML does."""
    text = head.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    return text.startswith((b"<html", b"<!doctype html", b"<table", b"<?xml", b"<meta", b"<head", b"<style"))


class PageTable(Table):
    def __init__(self, path, encoding, skip=0):
        Table.__init__(self, path, skip)
        with open(path, encoding=encoding, errors="replace") as file:
            text = file.read()
        rows = _Rows()
        rows.feed(text)
        rows.close()
        if not any(rows.rows):
            raise Failure("%s is a page without a table: save it as CSV (UTF-8) or .xlsx" % self.name)
        self.remarks.append("a table of a page, whatever its name")
        self._begin(iter(rows.rows))

    def close(self):
        pass
