# siyu report in headless Chromium: every chart is drawn at three widths, in both languages and
# themes, without a message on the console or a request to anywhere; the numbers of its tables are
# compared with the views, which sqlite3 reads in a copy of the database; axe-core looks for what
# people who cannot see the charts would miss.  SCREENSHOTS=folder keeps the pictures.
. "$(dirname "$0")/common"
root=$(dirname "$SIYU")
need chromium
need npm
pip_has
can_load
siyu=$venv/bin/siyu
"$venv/bin/python" -c 'import sys; from siyu import resources; sys.exit(resources.path("echarts", "echarts.min.js") is None)' ||
  lacks "the wheel has no ECharts: make echarts before make dist"
echo '{"name":"x","version":"1.0.0","private":true}' >package.json
npm install --no-audit --no-fund playwright-core axe-core >npm.log 2>&1 || lacks "npm install playwright-core axe-core: $(tail -n 1 npm.log)"
export LANG=C.UTF-8 LC_ALL=C.UTF-8

# ---- a brand with everything, one with orders alone, one with nothing --------------------
sqlite3 brand.db ".load $SIYU" "SELECT siyu_setup('schema')" ".read $root/test/brand.sql" "INSERT INTO import_reject VALUES ('<b>.csv', 7, 'a', '</script><!--', 'no \"time\"')" >made.txt
cp brand.db views.db
sqlite3 views.db ".load $SIYU" "SELECT siyu_setup('kpi')" >made.txt
before=$(sha256sum <brand.db)
"$siyu" report brand.db -o zh.html --lang zh --title '甲 & <乙>' >said.txt
"$siyu" report brand.db -o en.html --lang en >said.txt
[ "$before" = "$(sha256sum <brand.db)" ] || { echo "the report wrote to the database"; exit 1; }
[ ! -e brand.db-journal ] && [ ! -e brand.db-wal ]
for page in zh.html en.html; do
  [ "$(wc -c <$page)" -lt 3000000 ] || { echo "$page has $(wc -c <$page) bytes"; exit 1; }
done
grep -q 'Apache License' zh.html
sqlite3 orders.db "CREATE TABLE orders(order_id, customer, time, amount); INSERT INTO orders VALUES (1, 'ann', '2024-01-05', 12000), (2, 'ann', '2024-01-25', 8000), (2, 'ann', '2024-01-26', -8000), (3, 'bo', '2024-02-09', 5000)"
"$siyu" report orders.db -o orders.html --lang en >said.txt
sqlite3 empty.db "CREATE TABLE t(x)"
"$siyu" report empty.db -o empty.html --lang en >said.txt
"$siyu" report brand.db -o then.html --lang en --as-of 2024-01-31 --since 2024-01-01 >said.txt

# ---- one process, two, or two of which one ends on the way: the same page; nothing is left ------------
export TMPDIR=$PWD/scratch
mkdir "$TMPDIR"
cat >processes.py <<'PY'
import os, signal, subprocess, sys, threading, time
from siyu import beside, cli
def page(name):
    assert cli.main(["report", "brand.db", "-o", name, "--lang", "en", "-q"]) == 0
    with open(name, "rb") as file:
        return file.read()
two = page("two.html")
made = []
class Counted(beside.Beside):
    def __init__(self, *more):
        super().__init__(*more)
        made.append(self)
class Ends(Counted):
    def run(self):
        threading.Timer(0.02 * len(made), self.process.kill).start()
        super().run()
class Fails(Counted):
    def __init__(self, *more):
        sys.executable, python = "nothing here", sys.executable
        super().__init__(*more)
        sys.executable = python
beside.Beside = Counted
assert page("again.html") == two and made[-1].begun and made[-1].tables
if os.cpu_count() > 1:
    beside.Beside = Ends
    for i in range(8):
        assert page("ends.html") == two, i
    beside.Beside = Fails
    assert page("fails.html") == two and not made[-1].begun
beside.possible = lambda db: False
assert page("one.html") == two
for signal_, after in [(signal.SIGINT, 0.1), (signal.SIGINT, 0.3), (signal.SIGKILL, 0.4)]:
    child = subprocess.Popen([sys.argv[1], "report", "brand.db", "-o", "stopped.html"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    time.sleep(after)
    child.send_signal(signal_)
    said = child.communicate()[1].decode()
    assert "Traceback" not in said or "siyu/report.py" not in said, said
PY
"$venv/bin/python" processes.py "$siyu" >said.txt
[ -z "$(ls "$TMPDIR")" ] || { echo "the report leaves files:"; ls "$TMPDIR"; exit 1; }

# ---- how far it is: on a terminal or where asked for, on stderr, never in what is printed -------------
"$siyu" report brand.db -o quiet.html >said.txt 2>err.txt
[ ! -s err.txt ] || { echo "nobody looks on, and stderr has:"; cat err.txt; exit 1; }
[ "$(wc -l <said.txt)" = 1 ]
"$siyu" report brand.db -o asked.html --progress >said.txt 2>err.txt
[ "$(wc -l <said.txt)" = 1 ] && grep -q '^brand.db   0 %' err.txt || { echo "--progress: no line on stderr"; cat err.txt; exit 1; }
if grep -q "$(printf '\033')" err.txt; then echo "a file has codes of a terminal"; exit 1; fi
cat >terminal.py <<'PY'
import os, pty, re, subprocess, sys
def run(*more):
    """What goes to a terminal on stderr, and to a pipe on stdout."""
    ours, theirs = pty.openpty()
    child = subprocess.Popen([sys.argv[1], "report", "brand.db", "-o", "pty.html", "--lang", "zh"] + list(more), stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    seen = b""
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError:
            break
        if not part:
            break
        seen += part
    out = child.stdout.read().decode()
    assert child.wait() == 0
    return seen.decode(), out
seen, out = run()
assert re.search(r"brand\.db [█░]{24} +\d+ % +\d+ s", seen), seen
assert seen.endswith("\r\x1b[K"), repr(seen[-80:])          # the line is gone when it is done
shares = [int(n) for n in re.findall(r"[█░]{24} +(\d+) %", seen)]
assert shares == sorted(shares) and shares[-1] <= 100, shares
assert "\n" not in seen and out.count("\n") == 1 and "█" not in out, (seen, out)
assert run("--quiet")[0] == ""
PY
"$venv/bin/python" terminal.py "$siyu"

if "$siyu" report nothing.db >said.txt 2>&1; then echo "a report of no database"; exit 1; fi

# ---- what the views say, read by the shell ----------------------------------------------
views() { sqlite3 -json -cmd ".load $SIYU" views.db "$1"; }
{
  echo '{"figures":'; views "SELECT figure, unit, value, previous, change, change_year FROM siyu_kpi"
  echo ',"months":'; views "SELECT month, gmv, new_revenue, repeat_revenue, orders, customers, aov, change, change_year FROM kpi_month WHERE month >= '2022-05-01' ORDER BY month"
  echo ',"bridge":'; views "SELECT previous_gmv, by_users, by_frequency, by_order_value, by_other, gmv FROM kpi_bridge"
  echo ',"triangle":'; views "SELECT connected, reach, ltv, repurchase, referral, related, ownership_side, value_side, referral_side, area_index FROM kpi_triangle"
  echo ',"ladder":'; views "SELECT heads, reached, conversion FROM kpi_ladder"
  echo ',"reach":'; views "SELECT unbroken, unbroken_share, customers, share FROM kpi_reach"
  echo ',"stages":'; views "SELECT customers, share FROM kpi_stage"
  echo ',"staff":'; views "SELECT place, gmv, orders, buyers, target, target_rate, customers, added FROM kpi_staff ORDER BY place, staff"
  echo ',"stores":'; views "SELECT gmv, counter_gmv, online_gmv, visits, customers FROM kpi_store ORDER BY gmv DESC, store"
  echo ',"channels":'; views "SELECT customers, buyers, gmv, cost, cac, ltv_90, ltv_cac_90 FROM kpi_channel ORDER BY ltv_cac_90 IS NULL, ltv_cac_90 DESC, gmv DESC"
  echo ',"campaigns":'; views "SELECT k.treated, k.control, gross, incremental, low, high, k.cost, net FROM kpi_campaign AS k JOIN campaigns AS c USING (campaign) WHERE treated > 0 AND control > 0 ORDER BY c.starts DESC, k.campaign"
  echo ',"cohorts":'; views "SELECT cohort_size, customers, retention FROM cohort_window('order_rows', 'customer', 'at', 'amount', 'month') WHERE as_of = '2024-05-24' AND cohort >= '2022-12-01' AND period <= 17 ORDER BY cohort, period"
  # plain SQL, no function of siyu
  echo ',"pareto":'; views "SELECT 5 * (20 * (nth - 1) / n + 1) AS top, count(*) AS customers, sum(money) / 100.0 AS revenue
    FROM (SELECT sum(amount) AS money, row_number() OVER (ORDER BY sum(amount) DESC) AS nth, count(*) OVER () AS n FROM order_rows WHERE customer IS NOT NULL GROUP BY customer HAVING sum(amount) > 0) GROUP BY 1 ORDER BY 1"
  echo ',"due":'; views "SELECT count(*) AS n FROM audience_due WHERE NOT is_control"
  echo ',"then":'; views "SELECT figure, unit, value FROM siyu_kpi WHERE as_of = '2024-01-31' AND since = '2024-01-01'"
  echo '}'
} >expected.json

cat >page.mjs <<'JS'
import assert from 'node:assert';
import { mkdirSync, readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';
const axe = readFileSync('node_modules/axe-core/axe.min.js', 'utf8');
const expected = JSON.parse(readFileSync('expected.json', 'utf8'));
const pictures = process.env.SCREENSHOTS;
if (pictures) mkdirSync(pictures, { recursive: true });
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
let compared = 0, charts = 0;

async function open(file, width, colorScheme = 'light') {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme, reducedMotion: 'reduce' });
  page.on('console', (message) => assert.fail(`${file}: console: ${message.text()}`));
  page.on('pageerror', (error) => assert.fail(`${file}: ${error.stack}`));
  page.on('request', (request) => assert(request.url().startsWith('file:') || request.url().startsWith('data:'), request.url()));
  await page.goto(`file://${process.cwd()}/${file}`);
  await drawn(page);
  return page;
}
async function drawn(page) {
  await page.waitForFunction(() => [...document.querySelectorAll('[data-chart]')].every((c) => c.dataset.ready && c.querySelector('svg path, svg text')));
}

/* The number in a cell is the one expected, to the digits that are shown. */
function same(text, value, what) {
  compared += 1;
  if (value === null || value === undefined) return assert.equal(text, '–', what);
  let shown = text.replace(/−/g, '-').replace(/[¥,+×]/g, '').trim();
  let wanted = value;
  if (shown.endsWith('%')) { shown = shown.slice(0, -1).trim(); wanted = 100 * value; }
  assert.match(shown, /^-?\d+(\.\d+)?$/, `${what}: '${text}' for ${value}`);
  const digits = (shown.split('.')[1] || '').length;
  assert(Math.abs(Number(shown) - wanted) <= 0.5000001 * 10 ** -digits + 1e-9 * Math.abs(wanted), `${what}: '${text}' for ${wanted}`);
}
async function table(page, chart) {
  if (!(await page.$(`[data-table=${chart}]`))) await page.click(`#chart-${chart} [data-open=table]`);
  return page.$$eval(`[data-table=${chart}] tbody tr`, (rows) => rows.map((row) => Object.fromEntries([...row.cells].map((c) => [c.dataset.column, c.textContent]))));
}
async function compare(page, chart, rows) {
  const shown = await table(page, chart);
  assert.equal(shown.length, rows.length, `${chart}: rows`);
  assert(rows.length > 0, chart);
  rows.forEach((row, i) => Object.entries(row).forEach(([column, value]) => {
    if (typeof value === 'string') return;
    assert(column in shown[i], `${chart}.${column}`);
    same(shown[i][column], value, `${chart}[${i}].${column}`);
  }));
}

try {
  for (const file of ['zh.html', 'en.html']) {
    for (const width of [1440, 834, 390]) {
      for (const scheme of width === 1440 ? ['light', 'dark'] : ['light']) {
        const page = await open(file, width, scheme);
        const count = await page.$$eval('[data-chart]', (all) => all.length);
        assert(count >= 18, `${count} charts`);
        charts += count;
        assert(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${file} is wider than ${width}`);
        if (pictures) await page.screenshot({ path: `${pictures}/${file.slice(0, 2)}-${width}-${scheme}.png`, fullPage: true });
        await page.evaluate(axe);
        const found = await page.evaluate(() => axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'best-practice'] }));
        const bad = found.violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 120) + ' ' + (n.any[0] ? n.any[0].message : '')).join(' | ')}`);
        assert.deepEqual(bad, [], `${file} ${width} ${scheme}`);
        await page.close();
      }
    }
  }
  const page = await open('zh.html', 1440);
  assert.equal(await page.title(), '甲 & <乙> · siyu');
  for (const chart of ['months', 'ladder', 'reach', 'stages', 'staff', 'stores', 'channels', 'campaigns', 'cohorts', 'pareto']) await compare(page, chart, expected[chart]);
  const bridge = await table(page, 'bridge');
  for (const [i, key] of ['previous_gmv', 'by_users', 'by_frequency', 'by_order_value', 'by_other', 'gmv'].entries()) same(bridge[i].amount, expected.bridge[0][key], key);
  const triangle = await table(page, 'triangle');
  for (const [i, key] of ['connected', 'reach', 'ltv', 'repurchase', 'referral', 'related'].entries()) same(triangle[i].now, expected.triangle[0][key], key);
  const sides = await table(page, 'sides');
  for (const [i, key] of ['ownership_side', 'value_side', 'referral_side', 'area_index'].entries()) same(sides[i].index, expected.triangle[0][key], key);
  const figures = await table(page, 'figures');
  assert.equal(figures.length, expected.figures.length);
  expected.figures.forEach((f, i) => {
    assert.equal(figures[i].figure, f.figure);
    if (f.unit !== 'seconds') { same(figures[i].value, f.value, f.figure); same(figures[i].previous, f.previous, f.figure); }
    same(figures[i].change, f.change, f.figure);
    same(figures[i].change_year, f.change_year, f.figure);
  });
  same(await page.textContent('[data-audience=due]'), expected.due[0].n, 'due');
  /* big figures are rounded, their titles are not */
  same(await page.getAttribute('.heroic [data-figure=gmv]', 'title'), expected.figures[0].value, 'gmv');
  assert((await page.textContent('#chart-left_out')).includes('<b>.csv: a, no "time"'));
  assert((await page.textContent('#chart-left_out')).includes('</script><!--'));
  /* one click: formula and SQL; another: gone */
  await page.click('#chart-triangle [data-open=formula]');
  assert.match(await page.textContent('#panel-triangle'), /geometric mean/);
  await page.click('#chart-triangle [data-open=sql]');
  assert.match(await page.textContent('#panel-triangle'), /CREATE VIEW kpi_triangle/);
  await page.click('#chart-triangle [data-open=sql]');
  assert(await page.isHidden('#panel-triangle'));
  /* language and theme */
  await page.click('#lang');
  await drawn(page);
  assert.match(await page.textContent('h1'), /report/);
  assert.equal(await page.getAttribute('html', 'lang'), 'en');
  const paper = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await paper();
  await page.click('#theme');
  await drawn(page);
  assert.notEqual(await paper(), light);
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true, path: pictures ? `${pictures}/a4.pdf` : undefined });
  const pages = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g).length;
  assert(pages > 4 && pages < 30, `${pages} pages`);
  await page.close();

  const small = await open('orders.html', 390);
  assert.match(await small.textContent('.heroic'), /50\.00|50/);
  assert.match(await small.textContent('#lacking'), /contacts/);
  await small.close();
  const empty = await open('empty.html', 834);
  assert.match(await empty.textContent('#lacking'), /orders/);
  await empty.close();
  const then = await open('then.html', 834);
  const past = await table(then, 'figures');
  expected.then.forEach((f, i) => { if (f.unit !== 'seconds') same(past[i].value, f.value, `then ${f.figure}`); });
  assert.match(await then.textContent('.kicker'), /2024-01-01 – 2024-01-31/);
  await then.close();
  assert(compared > 500, `${compared} numbers`);
  console.log(`report: ${charts} charts, ${compared} numbers`);
} finally {
  await browser.close();
}
JS
node page.mjs
