# The page of the WebAssembly package in headless Chromium: a database file dropped on it, SQL
# typed, figures read.
. "$(dirname "$0")/common"
need chromium
need npm
package=$(ls "$DIST"/siyu-wasm-*.tgz 2>/dev/null) || lacks "no siyu-wasm: ext/package/platforms.sh wasm"
tar -xzf "$package"
orders
echo '{"name":"x","version":"1.0.0","private":true}' >package.json
npm install --no-audit --no-fund playwright-core >npm.log 2>&1 || lacks "npm install playwright-core: $(tail -n 1 npm.log)"
cat >page.mjs <<'JS'
import assert from 'node:assert';
import http from 'node:http';
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const kinds = { html: 'text/html', mjs: 'text/javascript', wasm: 'application/wasm' };
const server = http.createServer((request, response) => {
  const name = request.url === '/' ? '/index.html' : request.url;
  try {
    const data = readFileSync('package' + name);
    response.setHeader('content-type', kinds[name.split('.').pop()] || 'text/plain');
    response.end(data);
  } catch {
    response.statusCode = 404;
    response.end();
  }
}).listen(0, '127.0.0.1');
await new Promise((done) => server.once('listening', done));
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});
try {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.waitForSelector('#run:not([disabled])');
  const bytes = readFileSync('orders.db').toString('base64');
  await page.evaluate((base64) => {
    const data = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
    const files = new DataTransfer();
    files.items.add(new File([data], 'orders.db'));
    document.getElementById('drop').dispatchEvent(new DragEvent('drop', { dataTransfer: files, bubbles: true, cancelable: true }));
  }, bytes);
  await page.waitForFunction(() => document.getElementById('name').textContent === 'orders.db');
  await page.fill('#sql', 'SELECT gmv(amount) AS gmv, arpu(customer, amount) AS arpu FROM orders');
  await page.click('#run');
  assert.deepEqual(await page.$$eval('#answer td', (cells) => cells.map((cell) => cell.textContent)), ['25000', '12500']);
  await page.fill('#sql', 'SELECT absent');
  await page.click('#run');
  assert.equal(await page.textContent('#message'), 'no such column: absent');
  if (process.env.SCREENSHOT) await page.screenshot({ path: process.env.SCREENSHOT });
} finally {
  await browser.close();
  server.close();
}
JS
node page.mjs
