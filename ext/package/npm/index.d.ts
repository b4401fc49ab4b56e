/** Path of the extension for this platform. Throws where there is none. */
export function getLoadablePath(): string;

/** Loads siyu into a database of better-sqlite3, node:sqlite or whatever has loadExtension(path). */
export function load<T extends { loadExtension(path: string): unknown }>(db: T): T;
