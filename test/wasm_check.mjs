// The WebAssembly package in Node: every example of the catalogue, and a database file.
import assert from 'node:assert';
import { readFileSync } from 'node:fs';
import { open } from 'siyu-wasm';

const close = (got, want) => got === want || (want !== 'NULL' && !Number.isNaN(Number(want)) &&
  Math.abs(Number(got) - Number(want)) <= 1e-12 * Math.max(1, Math.abs(Number(want))));

const empty = await open();
const { rows: records } = empty.query('SELECT name, example, output FROM siyu_catalogue');
assert(records.length > 70);
for (const [name, example, output] of records) {
  const { rows } = (await open()).query(example);
  const got = rows.map((row) => row.map((cell) => (cell === null ? 'NULL' : String(cell))).join('|')).join('\n').split(/[|\n]/);
  const want = output.split(/[|\n]/);
  assert.equal(got.length, want.length, name);
  want.forEach((cell, i) => assert(close(got[i], cell), `${name}: ${got[i]} is not ${cell}`));
}

const file = await open(readFileSync(process.argv[2]));
assert.deepEqual(file.query('SELECT gmv(amount) AS g FROM orders'), { columns: ['g'], rows: [[150]] });
assert.deepEqual(file.query("INSERT INTO orders VALUES ('ann', 7); SELECT gmv(amount) AS g FROM orders").rows, [[157]]);
assert.throws(() => file.query('SELECT absent'), /no such column: absent/);
await assert.rejects(open(new TextEncoder().encode('this is no database')), /not a database/);
console.log(`${records.length} examples`);
