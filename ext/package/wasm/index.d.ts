export interface Answer {
  columns: string[];
  rows: (string | number | null)[][];
}
export interface Database {
  /** Runs all statements of the text; the rows of the last one. Throws SQLite's message. */
  query(sql: string): Answer;
}
/** A database in memory, of the bytes of a file or empty. `wasm`: siyu.wasm, else read from beside this. */
export function open(bytes?: ArrayLike<number> | ArrayBuffer, wasm?: Uint8Array | ArrayBuffer): Promise<Database>;
