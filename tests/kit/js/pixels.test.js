import assert from "node:assert/strict";
import test from "node:test";

import { boardRows } from "../../../src/linewright/kit/report/static/layout.js";
import { columnsOf, daysPerColumn, makeLoad } from "../../../src/linewright/kit/report/static/loadchart.js";
import { dayCells, levelOf, paintBlocks, paintHeat, visibleBars } from "../../../src/linewright/kit/report/static/pixels.js";
import { parts, pixel } from "../../../src/linewright/kit/report/static/theme.js";
import { tinyPlan } from "./tiny.js";

const plan = tinyPlan();
const { rows, height } = boardRows(plan, new Set(), 20);
const view = { from: 0, to: 600, width: 60 };
const colours = { paper: 1, late: 2, stripe: 3, bar: 4, setup: 5, closed: 6, outside: 7, overload: 8, heat: [10, 11, 12, 13] };
const blank = () => ({ pixels: new Uint32Array(60 * height), width: 60, height, scale: 1 });
const at = (image, x, y) => image.pixels[Math.floor(y) * 60 + x];

test("how full a day is has a shade, and more than full a colour of its own", () => {
  assert.deepEqual([...dayCells(plan, [0], 2, colours).colour], [12, colours.closed]);
  assert.deepEqual([...dayCells(plan, [1], 2, colours).colour], [13, 12]);
  assert.deepEqual([...dayCells(plan, [2], 2, colours).colour], [12, colours.overload]);
});

test("hours for late orders are marked by diagonals whose number tells their share", () => {
  const late = [0, 1, 2].map((machine) => dayCells(plan, [machine], 2, colours).late[0]);
  assert.deepEqual(late, [4, 6, 0]);
});

test("heat fills each machine's row from midnight to midnight", () => {
  const image = blank();
  paintHeat(image, rows.filter(({ kind }) => kind === "machine"), view, plan, colours, 0);
  const mill = rows.at(-1);
  assert.equal(at(image, 10, mill.top + 5), 12);
  assert.equal(at(image, 40, mill.top + 5), colours.overload);
});

test("blocks lie where their bars are, with setups and nights", () => {
  const image = blank();
  image.pixels.fill(colours.paper);
  paintBlocks(image, rows, view, plan, colours, 0);
  const mill = rows.at(-1);
  const y = mill.top + 10;
  assert.equal(at(image, 31, y), colours.setup);
  assert.ok([colours.late, colours.stripe].includes(at(image, 36, y)));
  assert.equal(at(image, 45, y), colours.closed);
  assert.equal(at(image, 52, y), colours.bar);
  assert.equal(at(image, 59, rows[1].top + 10), colours.paper);
});

test("painting never leaves the buffer, wherever the view is", () => {
  for (const offset of [-50, 0, 37.5, height - 3]) {
    const image = blank();
    paintHeat(image, rows, { from: -500, to: 90000, width: 60 }, plan, { ...colours, outside: 7 }, offset);
    paintBlocks(image, rows, { from: 250, to: 260, width: 60 }, plan, colours, offset);
    assert.equal(image.pixels.length, 60 * height);
  }
});

test("far away load is shown, near by bars, and with very many of them blocks", () => {
  assert.equal(visibleBars(plan, rows, view), 6);
  assert.equal(levelOf(plan, { from: 0, to: 60000, width: 60 }, 6, 20), "heat");
  assert.equal(levelOf(plan, view, 6, 20), "bars");
  assert.equal(levelOf(plan, view, 7000, 20), "blocks");
  assert.equal(levelOf(plan, { from: 0, to: 1200, width: 60 }, 6, 4), "heat");
});

test("the load chart sums machines by work center, the fullest first", () => {
  const load = makeLoad(plan);
  assert.deepEqual(load.map(({ center }) => center), ["Mills", "Ovens", "Saws"]);
  assert.deepEqual(columnsOf(load[2], 7), [{ first: 0, last: 2, busy: 2, late: 1, open: 4 }]);
  assert.equal(daysPerColumn({ from: 0, to: 86400, width: 100 }), 1);
  assert.equal(daysPerColumn({ from: 0, to: 86400 * 400, width: 400 }), 7);
});

test("colours of the page become numbers of the buffer", () => {
  assert.deepEqual(parts("rgb(1, 2, 3)"), [1, 2, 3]);
  assert.deepEqual(parts("color(srgb 1 0.5 0)"), [255, 128, 0]);
  assert.equal(pixel([1, 2, 3]), 0xff030201);
});
