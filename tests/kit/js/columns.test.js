import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";

import { BLANK, decoded, isBlank, valueAt } from "../../../src/linewright/kit/report/static/columns.js";

// The test that starts these files packs a plan and names the files here.
const { LINEWRIGHT_PACKED: packed, LINEWRIGHT_EXPECTED: expected } = process.env;

test("a browser reads from the packed columns what plain Python reads", { skip: packed ? false : "no packed plan is named" }, () => {
  const { frames, meta } = decoded(new Uint8Array(readFileSync(packed)));
  const [facts, lists] = JSON.parse(readFileSync(expected, "utf8"));
  assert.deepEqual(meta, facts);
  assert.deepEqual(Object.keys(frames), Object.keys(lists));
  for (const [name, columns] of Object.entries(lists)) {
    for (const [column, values] of Object.entries(columns)) {
      const read = frames[name][column];
      const told = values.map((_, row) => {
        const value = read.codes ? valueAt(read, row) : read[row];
        return typeof value === "number" && isBlank(value) ? null : value;
      });
      assert.deepEqual(told, values, `${name}.${column}`);
    }
  }
});

test("blanks are known in both kinds of numbers", () => {
  assert.ok(isBlank(BLANK) && isBlank(NaN));
  assert.ok(!isBlank(0) && !isBlank(-1));
});
