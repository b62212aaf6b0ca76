import assert from "node:assert/strict";
import test from "node:test";

import { boardRows, fittingHeight, lanePlace, rowAt, rowsBetween } from "../../../src/linewright/kit/report/static/layout.js";
import { barAt, barPlace, nearestOfTrack, neighbour } from "../../../src/linewright/kit/report/static/pick.js";
import { barsBetween, firstEndingAfter, operationName } from "../../../src/linewright/kit/report/static/plan.js";
import { found, nextLit } from "../../../src/linewright/kit/report/static/search.js";
import { tinyPlan } from "./tiny.js";

const plan = tinyPlan();
const { rows, height } = boardRows(plan, new Set(), 20);
const rowOfMachine = new Map(rows.filter(({ kind }) => kind === "machine").map((row) => [row.machine, row]));
const view = { from: 0, to: 600, width: 600 };
const names = (mask) => [...mask.keys()].filter((bar) => mask[bar]).map((bar) => operationName(plan, bar));

test("each lane of a machine is a track of sorted bars", () => {
  assert.deepEqual([...plan.lanes], [1, 2, 1]);
  assert.deepEqual([...plan.trackStart], [0, 2, 3, 4, 6]);
});

test("the bars of a view are those that reach into it", () => {
  assert.deepEqual(barsBetween(plan, 0, 50, 100), [0, 1]);
  assert.deepEqual(barsBetween(plan, 0, 50, 101), [0, 2]);
  assert.deepEqual(barsBetween(plan, 3, 410, 490), [5, 5]);
  assert.equal(firstEndingAfter(plan, 0, 100), 1);
});

test("rows stack without gaps, a machine with lanes is higher, and folding hides machines", () => {
  let top = 0;
  for (const row of rows) {
    assert.equal(row.top, top);
    top += row.height;
  }
  assert.equal(top, height);
  assert.ok(rowOfMachine.get(1).height > rowOfMachine.get(0).height);
  const folded = boardRows(plan, new Set(["Ovens"]), 20);
  assert.equal(folded.rows.length, rows.length - 1);
});

test("the row under a height is found, and none outside", () => {
  for (const [place, row] of rows.entries()) assert.equal(rowAt(rows, row.top + row.height / 2), place);
  assert.equal(rowAt(rows, -1), -1);
  assert.equal(rowAt(rows, height + 1), -1);
  assert.deepEqual(rowsBetween(rows, rows[1].top + 1, rows[2].top + 1), [rows[1], rows[2]]);
});

test("every bar is under its own middle, in its own lane", () => {
  for (let bar = 0; bar < plan.count; bar++) {
    const place = barPlace(plan, rowOfMachine, view, bar);
    assert.equal(barAt(plan, rows, view, place.x + place.width / 2, place.y + place.height / 2), bar);
  }
});

test("nothing is under headings, nights and beyond the last bar", () => {
  assert.equal(barAt(plan, rows, view, 50, rows[0].top + 2), -1);
  const mill = rowOfMachine.get(2);
  assert.equal(barAt(plan, rows, view, 450, mill.top + 5), -1);
});

test("a bar that is too narrow is hit from two pixels away", () => {
  const far = { from: 0, to: 600000, width: 600 };
  assert.equal(barAt(plan, rows, far, 1.5, rowOfMachine.get(0).top + 5), 1);
});

test("arrows go along the machine and to the nearest bar of the next", () => {
  assert.equal(neighbour(plan, 0, "right"), 1);
  assert.equal(neighbour(plan, 1, "right"), -1);
  assert.equal(neighbour(plan, 1, "down"), 2);
  assert.equal(neighbour(plan, 2, "down"), 3);
  assert.equal(neighbour(plan, 5, "first"), 4);
  assert.equal(neighbour(plan, 4, "up", (bar) => plan.operations.machine[bar] === 0), 1);
  assert.equal(nearestOfTrack(plan, 3, 495), 5);
});

test("the arrows reach every bar from every other", () => {
  for (let start = 0; start < plan.count; start++) {
    const reached = new Set([start]);
    for (const bar of reached) {
      for (const way of ["left", "right", "up", "down"]) if (neighbour(plan, bar, way) >= 0) reached.add(neighbour(plan, bar, way));
    }
    assert.equal(reached.size, plan.count);
  }
});

test("all rows fit into a height that is large enough", () => {
  const high = fittingHeight(plan, 200);
  assert.ok(boardRows(plan, new Set(), high).height <= 200);
  assert.equal(fittingHeight(plan, 1), 3);
});

test("lanes of a row do not touch each other", () => {
  const oven = rowOfMachine.get(1);
  const [first, second] = [lanePlace(oven, 0), lanePlace(oven, 1)];
  assert.ok(first.top + first.height <= second.top);
});

test("search finds orders, jobs, materials, machines, work centers, customers and steps", () => {
  assert.deepEqual(names(found(plan, "so-1").mask), ["A/10", "A/20", "A/30"]);
  assert.deepEqual(names(found(plan, "bolt").mask), ["B/10", "B/20"]);
  assert.deepEqual(names(found(plan, "Mills").mask), ["A/30", "C/10"]);
  assert.deepEqual(names(found(plan, "hinz oven").mask), ["B/20"]);
  assert.equal(found(plan, "nobody").count, 0);
  assert.equal(found(plan, "  "), null);
});

test("the next match follows in time and starts again at the end", () => {
  const { mask } = found(plan, "so-1");
  assert.equal(nextLit(plan, mask, 0), 2);
  assert.equal(nextLit(plan, mask, 300), 0);
  assert.equal(nextLit(plan, mask, 100, true), 0);
  assert.equal(nextLit(plan, mask, 0, true), 4);
});
