// SQLite and siyu in one WebAssembly module, for Node and browsers.
//
//     import { open } from 'siyu-wasm';
//     const db = await open(bytes);              // of a database file, or nothing
//     db.query('SELECT gmv(amount) FROM orders') // { columns: ['…'], rows: [[…]] }

const encoder = new TextEncoder();
const decoder = new TextDecoder();

async function moduleBytes(source) {
  if (source instanceof Uint8Array || source instanceof ArrayBuffer) return source;
  const url = new URL('siyu.wasm', import.meta.url);
  if (url.protocol === 'file:' && typeof process !== 'undefined') {
    const { readFile } = await import('node:fs/promises');
    return readFile(url);
  }
  return (await fetch(url)).arrayBuffer();
}

// What the C library asks of its surroundings: there is no file, no clock, no environment.
function surroundings(memory) {
  const BAD_FILE = 8;
  const zero = (pointer) => new DataView(memory().buffer).setUint32(pointer, 0, true);
  const known = {
    environ_sizes_get: (count, size) => (zero(count), zero(size), 0),
    args_sizes_get: (count, size) => (zero(count), zero(size), 0),
    environ_get: () => 0,
    args_get: () => 0,
    clock_time_get: (id, precision, pointer) => (new DataView(memory().buffer).setBigUint64(pointer, 0n, true), 0),
    random_get: (pointer, n) => (new Uint8Array(memory().buffer, pointer, n).fill(7), 0),
    proc_exit: (status) => { throw new Error(`siyu.wasm ended with status ${status}`); },
  };
  return new Proxy({}, { get: (_, name) => known[name] || (() => BAD_FILE) });
}

export async function open(bytes = new Uint8Array(), wasm) {
  let exports;
  const compiled = await WebAssembly.compile(await moduleBytes(wasm));
  const wasi = surroundings(() => exports.memory);
  const imports = {};
  for (const { module, name } of WebAssembly.Module.imports(compiled)) (imports[module] ||= {})[name] = wasi[name];
  ({ exports } = await WebAssembly.instantiate(compiled, imports));
  exports._initialize?.();

  const put = (data) => {
    const pointer = exports.siyu_alloc(data.length + 1);
    if (!pointer) throw new Error('out of memory');
    const memory = new Uint8Array(exports.memory.buffer);
    memory.set(data, pointer);
    memory[pointer + data.length] = 0;
    return pointer;
  };
  const text = (pointer) => {
    const memory = new Uint8Array(exports.memory.buffer);
    return decoder.decode(memory.slice(pointer, memory.indexOf(0, pointer)));
  };

  const file = new Uint8Array(bytes);
  // the bytes are SQLite's from here on
  if (exports.siyu_open(file.length ? put(file) : 0, file.length) !== 0) throw new Error(text(exports.siyu_error()));
  return {
    query(sql) {
      const pointer = put(encoder.encode(sql));
      const answer = exports.siyu_query(pointer);
      exports.siyu_free(pointer);
      if (!answer) throw new Error(text(exports.siyu_error()));
      const json = text(answer);
      exports.siyu_free(answer);
      return JSON.parse(json);
    },
  };
}
