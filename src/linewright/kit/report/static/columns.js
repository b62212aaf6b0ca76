/** Reads the plan's typed columns: the length of a JSON header, the header, then raw little-endian arrays. */

const TYPES = {
  u1: Uint8Array, u2: Uint16Array, u4: Uint32Array, i4: Int32Array, f4: Float32Array, f8: Float64Array,
};

/** Stands for "no value" in columns of whole numbers; other numbers have NaN. */
export const BLANK = -(2 ** 31);

/** Whether a number of a column means "no value". */
export function isBlank(value) {
  return value === BLANK || Number.isNaN(value);
}

/**
 * Turn a block of bytes into frames. Numbers, instants and flags become typed arrays; text and lists become
 * `{codes, values}`, with a code for each row. Steps from row to row are summed up in place.
 */
export function decoded(bytes) {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  const body = bytes.byteOffset + 4 + length;
  const frames = {};
  for (const [name, { rows, columns }] of Object.entries(header.frames)) {
    frames[name] = { rows };
    for (const [column, { kind, type, offset, values, steps }] of Object.entries(columns)) {
      const numbers = new TYPES[type](bytes.buffer, body + offset, rows);
      if (steps) for (let row = 1; row < rows; row++) numbers[row] += numbers[row - 1];
      frames[name][column] = kind === "text" || kind === "list" ? { codes: numbers, values } : numbers;
    }
  }
  return { meta: header.meta, frames };
}

/** The value of one row of a text or list column. */
export function valueAt(column, row) {
  return column.values[column.codes[row]];
}

/** Unpack base64 of gzipped bytes. */
export async function unpacked(base64) {
  const packed = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
