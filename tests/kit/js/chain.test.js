import assert from "node:assert/strict";
import test from "node:test";

import { chainOfBar, chainOfOrder, jobsOf, makeLinks, waits } from "../../../src/linewright/kit/report/static/chain.js";
import { makeClock } from "../../../src/linewright/kit/report/static/clock.js";
import { barLines, daysLate, lateness, minutes, money, orderLine, waitsFor } from "../../../src/linewright/kit/report/static/words.js";
import { tinyPlan } from "./tiny.js";

const plan = tinyPlan();
const links = makeLinks(plan);
const clock = makeClock(plan.meta);

test("an order needs its own jobs and those that feed them", () => {
  assert.deepEqual([...jobsOf(links, 0)], [0]);
  assert.deepEqual([...jobsOf(links, 1)], [1, 2]);
});

test("the chain of an order holds its bars by time and what its last one waited for", () => {
  const chain = chainOfOrder(links, 1);
  assert.deepEqual(chain.bars, [1, 3, 5]);
  assert.deepEqual(chain.back, [3, 1, 0]);
  assert.deepEqual(chain.arrows.map(String).sort(), ["0,1", "1,3"]);
});

test("a bar without an order shows its job", () => {
  assert.deepEqual(chainOfBar(links, 5).bars, [5]);
});

test("waits in a circle are followed once", () => {
  const circle = tinyPlan();
  circle.operations.waits_for_operation[0] = 4;
  assert.deepEqual(waits(circle, 4), [4, 2, 0]);
});

test("a bar tells everything that somebody at the machine asks", () => {
  assert.deepEqual(barLines(plan, clock, 4), [
    "A/30 Milling",
    "NUT × 4 for SO-1",
    "MILL-1 · Mon 23 Mar 05:05 – 05:06",
    "setup 20 min · changeover 5 min · run 1 h 20 min",
    "with Ana",
    "waits for a full load with A/20",
    "pinned",
    "2.3 kWh",
    "SO-1 will be 4.2 days late",
  ]);
});

test("waits are told with names and operations, as far as they are known", () => {
  const told = [0, 1, 2, 5].map((bar) => waitsFor(plan, bar));
  assert.deepEqual(told, [
    "starts at once", "waits for machine SAW-1, busy with A/10", "waits for the step before: A/10", "waits for material STEEL",
  ]);
});

test("lateness, minutes and money have the unit that fits", () => {
  assert.deepEqual([4.24, 0.5, 0.01].map(daysLate), ["4.2 days", "12.0 h", "14 min"]);
  assert.deepEqual([0.25, 20, 60, 95].map(minutes), ["15 s", "20 min", "1 h", "1 h 35 min"]);
  assert.equal(money(1234.5, "EUR"), "1,235 EUR");
  assert.equal(lateness(plan, 1), "");
  assert.equal(orderLine(plan, clock, 0), "due Mon 23 Mar 05:06, finished Mon 23 Mar 05:06: 4.2 days late, 1,235 EUR");
});
