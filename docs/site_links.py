#!/usr/bin/env python3
"""Links of a folder of HTML pages that lead to no page of it, or to no place in that page: status 1.

    python3 docs/site_links.py build/site
"""

import html.parser
import os
import sys
import urllib.parse


class Page(html.parser.HTMLParser):
    def __init__(self, path):
        super().__init__()
        self.links, self.places = [], set()
        with open(path, encoding="utf-8") as file:
            self.feed(file.read())

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.places.update(found[key] for key in ("id", "name") if found.get(key))
        to = found.get("href") if tag in ("a", "link") else found.get("src") if tag in ("img", "script") else None
        if to:
            self.links.append(to)


def main(folder):
    pages = {}
    for place, _, names in os.walk(folder):
        for name in names:
            if name.endswith(".html"):
                path = os.path.join(place, name)
                pages[os.path.relpath(path, folder)] = Page(path)
    count, lost = 0, []
    for name, page in sorted(pages.items()):
        if name == "404.html":                          # is shown anywhere: its links begin at the root
            continue
        for link in page.links:
            parts = urllib.parse.urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            count += 1
            path = urllib.parse.unquote(parts.path)
            to = os.path.normpath(os.path.join(os.path.dirname(name), path)) if path else name
            if os.path.isdir(os.path.join(folder, to)):
                to = os.path.normpath(os.path.join(to, "index.html"))
            place = urllib.parse.unquote(parts.fragment)
            if not os.path.exists(os.path.join(folder, to)) or (place and to in pages and place not in pages[to].places):
                lost.append("%s: %s" % (name, link))
    for line in lost:
        print("leads nowhere: " + line, file=sys.stderr)
    print("%d links of %d pages lead somewhere" % (count - len(lost), len(pages)))
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
