import assert from "node:assert/strict";
import test from "node:test";

import { day, fromLocal, makeClock, moment, span, timeOfDay, toLocal, week } from "../../../src/linewright/kit/report/static/clock.js";

// 23 March 2026, 06:00 in Berlin; the clock goes forward on 29 March at 02:00.
const CHANGE = 1774746000 - 1774242000;
const clock = makeClock({ start: 1774242000, offsets: [[-1e12, 3600], [CHANGE, 7200]] });

test("the plan's first second is told in the plant's time", () => {
  assert.equal(moment(clock, 0), "Mon 23 Mar 06:00");
});

test("after the change of the clock an hour is missing", () => {
  assert.equal(timeOfDay(clock, CHANGE - 1), "01:59");
  assert.equal(timeOfDay(clock, CHANGE), "03:00");
});

test("local time and seconds are each other's inverse, except for the missing hour", () => {
  for (let second = 0; second < 10 * 86400; second += 977) assert.equal(fromLocal(clock, toLocal(clock, second)), second);
});

test("a span within a day names the day once", () => {
  assert.equal(span(clock, 0, 3600), "Mon 23 Mar 06:00 – 07:00");
  assert.equal(span(clock, 0, 86400), "Mon 23 Mar 06:00 – Tue 24 Mar 06:00");
  assert.equal(day(clock, 86400), "Tue 24 Mar");
});

test("calendar weeks follow ISO 8601 at the turn of the year", () => {
  const weeks = [[2026, 0, 1, 1], [2026, 11, 31, 53], [2027, 0, 3, 53], [2027, 0, 4, 1], [2024, 11, 30, 1]];
  for (const [year, month, date, expected] of weeks) assert.equal(week(new Date(Date.UTC(year, month, date))), expected);
});
