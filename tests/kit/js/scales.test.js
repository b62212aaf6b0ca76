import assert from "node:assert/strict";
import test from "node:test";

import { makeClock } from "../../../src/linewright/kit/report/static/clock.js";
import { SHORTEST, boundaries, clamped, panned, ticks, toSecond, toX, zoomed } from "../../../src/linewright/kit/report/static/scales.js";

const clock = makeClock({ start: 1774242000, offsets: [[-1e12, 3600], [504000, 7200]] });
const limits = { from: -1000, to: 100000 };
const view = { from: 0, to: 10000, width: 500 };
const near = (a, b) => assert.ok(Math.abs(a - b) < 1e-6, `${a} is not ${b}`);

test("pixels and seconds are each other's inverse", () => {
  for (const x of [0, 123.4, 500]) near(toX(view, toSecond(view, x)), x);
});

test("zooming leaves the time under the pointer where it is", () => {
  const closer = zoomed(view, 3, 200, limits);
  near(toX(closer, toSecond(view, 200)), 200);
  near(closer.to - closer.from, 10000 / 3);
});

test("the view never leaves the plan and never gets shorter than two minutes", () => {
  assert.deepEqual(panned(view, -1e9, limits).from, limits.from);
  assert.deepEqual(panned(view, 1e9, limits).to, limits.to);
  assert.equal(zoomed(view, 1e9, 0, limits).to - zoomed(view, 1e9, 0, limits).from, SHORTEST);
  const whole = clamped({ ...view, from: -1e9, to: 1e9 }, limits);
  assert.deepEqual([whole.from, whole.to], [limits.from, limits.to]);
});

test("days begin at local midnight on both sides of a change of the clock", () => {
  const days = boundaries({ from: 0, to: 9 * 86400, width: 1 }, clock, { unit: "day" });
  const lengths = days.slice(1).map((at, place) => (at - days[place]) / 3600);
  assert.deepEqual(new Set(lengths), new Set([24, 23]));
});

test("at every zoom the labels have room and time goes forward", () => {
  for (let length = 200; length < 4e8; length *= 1.7) {
    const shown = { from: 0, to: length, width: 900 };
    const { lower, upper } = ticks(shown, clock);
    const places = lower.map(({ at }) => toX(shown, at));
    for (let place = 1; place < places.length; place++) assert.ok(places[place] - places[place - 1] > 18);
    assert.ok(lower.length >= 1 && lower.length < 60, `${lower.length} marks for ${length} s`);
    assert.ok(upper.every(({ label }) => label.length > 3));
  }
});

test("hours are labelled in the plant's time", () => {
  const { lower, upper } = ticks({ from: 0, to: 7200, width: 600 }, clock);
  assert.deepEqual(lower.slice(0, 3).map(({ label }) => label), ["06:00", "06:15", "06:30"]);
  assert.equal(upper[0].label, "Mon 23 Mar · W13");
});
