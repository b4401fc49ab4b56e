# make site: every link leads somewhere, and three pages and the search work in headless Chromium, from a
# server and from the disk.
. "$(dirname "$0")/common"
root=$(dirname "$SIYU")
need chromium
need npm
(cd "$root" && make -s site) >site.log 2>&1 || {
  grep -q 'leads nowhere' site.log && { cat site.log; exit 1; }
  lacks "make site: $(grep . site.log | tail -n 1)"
}
grep -q '^[1-9][0-9]* links of [1-9][0-9]* pages lead somewhere' site.log
echo '{"name":"x","version":"1.0.0","private":true}' >package.json
npm install --no-audit --no-fund playwright-core >npm.log 2>&1 || lacks "npm install playwright-core: $(tail -n 1 npm.log)"
cat >page.mjs <<'JS'
import assert from 'node:assert';
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { chromium } from 'playwright-core';
const site = process.argv[2];
const kinds = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.svg': 'image/svg+xml', '.png': 'image/png' };
const server = createServer((request, answer) => {
  const path = decodeURIComponent(new URL(request.url, 'http://x').pathname);
  try {
    const body = readFileSync(join(site, path === '/' ? 'index.html' : path));
    answer.writeHead(200, { 'content-type': kinds[extname(path)] || 'application/octet-stream' });
    answer.end(body);
  } catch (e) { answer.writeHead(404); answer.end(); }
});
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
try {
  for (const base of [`http://127.0.0.1:${server.address().port}`, `file://${site}`]) {
    const page = await browser.newPage();
    const wrong = [];
    page.on('pageerror', (error) => wrong.push(error.stack));
    page.on('console', (message) => { if (message.type() === 'error' && !/favicon/.test(message.location().url)) wrong.push(message.text()); });
    page.on('request', (request) => { if (!/^(data|blob|about):/.test(request.url()) && !request.url().startsWith(base)) wrong.push(request.url()); });
    for (const [path, heading] of [['index.html', 'siyu'], ['zh.html', '私域'], ['reference/repurchase.html', 'repurchase_rate'], ['install.html', 'How to get it']]) {
      await page.goto(`${base}/${path}`);
      assert((await page.$$eval('h1, h2', (all) => all.map((h) => h.textContent).join('\n'))).includes(heading), path);
      assert(await page.$$eval('article img', (all) => all.every((image) => image.complete && image.naturalWidth > 0)), `${path}: a picture is missing`);
    }
    for (const [word, page_] of [['repurchase_rate', 'reference/repurchase.html'], ['复购', 'reference/repurchase.html'], ['MAPPING', 'index.html']]) {
      await page.goto(`${base}/index.html`);
      await page.locator('input.md-search__input').pressSequentially(word, { delay: 60 });
      await page.waitForSelector('.md-search-result__link');
      const found = await page.$$eval('.md-search-result__link', (all) => all.map((a) => a.href));
      assert(found.some((link) => link.includes(page_)), `${base}: ${word}: ${found.slice(0, 5)}`);
    }
    assert.deepEqual(wrong, []);
    await page.close();
  }
  console.log('site: pages and search, served and from the disk');
} finally {
  await browser.close();
  server.close();
}
JS
node page.mjs "$root/build/site"
