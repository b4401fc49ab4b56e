"""Draws test/bench/cost.tsv (way, orders, seconds) as docs/images/ledger-cost.svg: cost against size, both
logarithmic.  python3 test/bench/cost_chart.py"""
import math

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 760, 420, 72, 24, 260, 48
COLOURS = ("#888888", "#444444", "#c0504d", "#d08a2e", "#c9a227", "#8064a2", "#3a9d5d", "#1f6f8b", "#2f5fd0")

series = {}
for line in open("test/bench/cost.tsv", encoding="utf-8"):
    if line.strip() and not line.startswith("#"):
        way, orders, seconds = line.rstrip("\n").split("\t")
        series.setdefault(way, []).append((float(orders), float(seconds)))

points = [p for s in series.values() for p in s]
x0, x1 = (f(math.log10(p[0]) for p in points) for f in (min, max))
y0, y1 = math.floor(min(math.log10(p[1]) for p in points)), math.ceil(max(math.log10(p[1]) for p in points))


def x(orders):
    return LEFT + (math.log10(orders) - x0) / (x1 - x0) * (WIDTH - LEFT - RIGHT)


def y(seconds):
    return HEIGHT - BOTTOM - (math.log10(seconds) - y0) / (y1 - y0) * (HEIGHT - TOP - BOTTOM)


out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
       f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>']
for k in range(y0, y1 + 1):
    out.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(10 ** k):.1f}" y2="{y(10 ** k):.1f}" stroke="#dddddd"/>'
               f'<text x="{LEFT - 8}" y="{y(10 ** k) + 4:.1f}" text-anchor="end">{10 ** k:g} s</text>')
for k in range(math.ceil(x0), math.floor(x1) + 1):
    label = f"{10 ** k // 10 ** 6} M" if k >= 6 else f"{10 ** k:,}"
    out.append(f'<line x1="{x(10 ** k):.1f}" x2="{x(10 ** k):.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}" stroke="#dddddd"/>'
               f'<text x="{x(10 ** k):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{label}</text>')
out.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 8}" text-anchor="middle">orders</text>')
for i, (way, line) in enumerate(series.items()):
    line.sort()
    colour = COLOURS[i % len(COLOURS)]
    path = " ".join(f"{x(a):.1f},{y(b):.1f}" for a, b in line)
    dashes = "" if "ledger" in way else ' stroke-dasharray="6 4"'
    out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dashes}/>')
    out.extend(f'<circle cx="{x(a):.1f}" cy="{y(b):.1f}" r="3" fill="{colour}"/>' for a, b in line)
    out.append(f'<rect x="{WIDTH - RIGHT + 16}" y="{TOP + 20 * i}" width="12" height="12" fill="{colour}"/>'
               f'<text x="{WIDTH - RIGHT + 34}" y="{TOP + 20 * i + 10}">{way}</text>')
out.append("</svg>")
open("docs/images/ledger-cost.svg", "w", encoding="utf-8").write("\n".join(out) + "\n")
