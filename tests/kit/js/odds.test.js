import assert from "node:assert/strict";
import test from "node:test";

import { makeClock } from "../../../src/linewright/kit/report/static/clock.js";
import { BLANK } from "../../../src/linewright/kit/report/static/columns.js";
import {
  chanceLine, dateOf, latestDate, listed, oddsLine, percent, rangeLine, rangeOf, showDates,
} from "../../../src/linewright/kit/report/static/odds.js";
import { barLines } from "../../../src/linewright/kit/report/static/words.js";
import { tinyPlan } from "./tiny.js";

/** The tiny plan with a run: A/10 may begin a minute early and end up to 20 minutes late; nothing is known of C/10. */
function sure() {
  const plan = tinyPlan();
  Object.assign(plan.operations, {
    early: Int32Array.of(-1, 0, 0, 0, 0, BLANK),
    half: Int32Array.of(5, 0, 0, 0, 0, BLANK),
    last: Int32Array.of(20, 1, 2, 3, 4, BLANK),
  });
  Object.assign(plan.orders, {
    on_time: Int32Array.of(7250, BLANK), low: Int32Array.of(6500, BLANK), high: Int32Array.of(7840, BLANK),
    p50: Int32Array.of(10, BLANK), p80: Int32Array.of(60, BLANK), p95: Int32Array.of(1500, BLANK),
    expected_cost: Int32Array.of(3, BLANK), place: Int32Array.of(1, 0),
  });
  return plan;
}

const plan = sure();
const clock = makeClock(plan.meta);

test("a range lies around the planned times, and an unknown bar has none", () => {
  assert.deepEqual(rangeOf(plan, 0), { from: -60, half: 400, to: 1300 });
  assert.equal(rangeOf(plan, 5), null);
  assert.equal(rangeOf(tinyPlan(), 0), null);
});

test("the range is told on the plant's clock, with both days when they differ", () => {
  assert.equal(rangeLine(plan, clock, 0), "80 % of runs: Mon 23 Mar 04:59 to 05:21, half end by 05:06");
  const long = sure();
  long.operations.last[0] = 2880;
  assert.equal(rangeLine(long, clock, 0), "80 % of runs: Mon 23 Mar 04:59 to Wed 25 Mar 05:01, half end by 05:06");
  assert.equal(rangeLine(plan, clock, 5), "");
});

test("the lines of a bar tell its range after its time and the odds of its order", () => {
  const lines = barLines(plan, clock, 0);
  assert.match(lines[2], /SAW-1/);
  assert.equal(lines[3], rangeLine(plan, clock, 0));
  assert.ok(lines.includes("SO-1 is in time in 73 % of runs"));
  assert.equal(chanceLine(plan, 1), "");
  assert.equal(chanceLine(plan, 5), "");
});

test("an order is told with its odds and three dates", () => {
  assert.equal(dateOf(plan, "p80", 0), 400 + 3600);
  assert.equal(
    oddsLine(plan, clock, 0),
    "In time in 73 % of runs (65 to 78). Half of the runs finish by Mon 23 Mar 05:16, 80 % by Mon 23 Mar 06:06, "
      + "95 % by Tue 24 Mar 06:06.",
  );
  assert.equal(oddsLine(plan, clock, 1), "");
  assert.equal(dateOf(plan, "p80", 1), BLANK);
});

test("the plan's view reaches to late dates, but not far beyond its end", () => {
  assert.equal(latestDate(plan), 1.15 * 600);
  plan.orders.p95[0] = 4;
  assert.equal(latestDate(plan), 640);
  plan.orders.p95[0] = 1500;
});

test("the view of an order holds its due date and its last date", () => {
  const board = { plan, view: { from: 0, to: 300, width: 100 }, limits: { from: 0, to: 1e6 } };
  assert.equal(showDates(board, 0).to, 1.04 * (400 + 90000));
  assert.equal(showDates(board, 1).to, 1.04 * 900);
});

test("the list keeps the order in which Python put it", () => {
  assert.deepEqual(listed(plan), [1, 0]);
});

test("shares are whole per cent, except next to none and all", () => {
  assert.deepEqual([0, 10000, 7250, 8450, 9970, 9999, 1, 50].map(percent), [
    "0 %", "100 %", "73 %", "85 %", "99.7 %", "> 99.9 %", "< 0.1 %", "1 %",
  ]);
});
