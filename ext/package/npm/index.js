'use strict';
const fs = require('node:fs');
const path = require('node:path');

const LIBRARY = { win32: 'siyu.dll', darwin: 'siyu.dylib' };

function isMusl() {
  if (process.platform !== 'linux') return false;
  const report = process.report && process.report.getReport();
  return !(report && report.header && report.header.glibcVersionRuntime);
}

/** Path of the extension for this platform. */
function getLoadablePath() {
  const name = `siyu-${process.platform}-${process.arch}${isMusl() ? '-musl' : ''}`;
  const library = LIBRARY[process.platform] || 'siyu.so';
  let folder;
  try {
    folder = path.dirname(require.resolve(`${name}/package.json`));
  } catch {
    throw new Error(`siyu has no library for this platform: install ${name}, or build siyu.c (one file); ` +
      'npm leaves optional dependencies out with --no-optional');
  }
  const file = path.join(folder, library);
  if (!fs.existsSync(file)) throw new Error(`${file} is missing: install ${name} again`);
  return file;
}

/** Loads siyu into a database of better-sqlite3, node:sqlite or whatever has loadExtension(path). */
function load(db) {
  // node:sqlite wants new DatabaseSync(path, { allowExtension: true })
  db.loadExtension(getLoadablePath());
  return db;
}

module.exports = { getLoadablePath, load };
