/** The time axis: a view is `{from, to, width}`, seconds since the plan's start over pixels. */

import { MONTHS, WEEKDAYS, fromLocal, timeOfDay, toLocal, wallClock, week } from "./clock.js";

export const SHORTEST = 120;

export function toX(view, second) {
  return ((second - view.from) * view.width) / (view.to - view.from);
}

export function toSecond(view, x) {
  return view.from + (x * (view.to - view.from)) / view.width;
}

export function secondsPerPixel(view) {
  return (view.to - view.from) / Math.max(1, view.width);
}

/** Keep a view inside the plan: never wider than its limits, never shorter than two minutes. */
export function clamped(view, limits) {
  const length = Math.min(Math.max(view.to - view.from, SHORTEST), limits.to - limits.from);
  const from = Math.min(Math.max(view.from, limits.from), limits.to - length);
  return { ...view, from, to: from + length };
}

/** Zoom by a factor (2 shows half as much) around the time at pixel x, which stays where it is. */
export function zoomed(view, factor, x, limits) {
  const fixed = toSecond(view, x);
  const length = Math.min(Math.max((view.to - view.from) / factor, SHORTEST), limits.to - limits.from);
  const from = fixed - (x / Math.max(1, view.width)) * length;
  return clamped({ ...view, from, to: from + length }, limits);
}

/** Move the view by pixels to the right. */
export function panned(view, pixels, limits) {
  const shift = pixels * secondsPerPixel(view);
  return clamped({ ...view, from: view.from + shift, to: view.to + shift }, limits);
}

const HOUR = 3600;
const DAY = 86400;

/** Units of the lower row of the axis with the room that a label needs, and the unit of the row above. */
const UNITS = [
  ...[60, 300, 900, 1800, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR].map((step) => ({ step, room: 46, above: "day" })),
  { step: DAY, unit: "day", room: 52, above: "month" },
  { step: DAY, unit: "day", room: 22, above: "month", short: true },
  { step: 7 * DAY, unit: "week", room: 36, above: "month" },
  { step: 30 * DAY, unit: "month", room: 34, above: "year" },
  { step: 365 * DAY, unit: "year", room: 40, above: "" },
];

/** The two rows of the axis: `{lower, upper}`, lists of `{at, label}`. */
export function ticks(view, clock) {
  const pixel = secondsPerPixel(view);
  const unit = UNITS.find(({ step, room }) => step / pixel >= room) ?? UNITS.at(-1);
  return {
    lower: boundaries(view, clock, unit).map((at) => ({ at, label: lowerLabel(clock, at, unit) })),
    upper: unit.above
      ? boundaries(view, clock, { unit: unit.above }).map((at) => ({ at, label: upperLabel(clock, at, unit.above) }))
      : [],
  };
}

/** Every beginning of a unit in the view, and the one before it. */
export function boundaries(view, clock, { unit, step }) {
  const found = [];
  let local = floorLocal(toLocal(clock, view.from), unit, step);
  for (let count = 0; count < 4000; count++) {
    const at = fromLocal(clock, local);
    if (at > view.to) break;
    found.push(at);
    local = nextLocal(local, unit, step);
  }
  return found;
}

function floorLocal(local, unit, step) {
  const wall = new Date(local * 1000);
  const [year, month, date] = [wall.getUTCFullYear(), wall.getUTCMonth(), wall.getUTCDate()];
  if (unit === "year") return Date.UTC(year, 0) / 1000;
  if (unit === "month") return Date.UTC(year, month) / 1000;
  if (unit === "week") return Date.UTC(year, month, date - ((wall.getUTCDay() + 6) % 7)) / 1000;
  if (unit === "day") return Date.UTC(year, month, date) / 1000;
  return Math.floor(local / step) * step;
}

function nextLocal(local, unit, step) {
  const wall = new Date(local * 1000);
  if (unit === "year") return Date.UTC(wall.getUTCFullYear() + 1, 0) / 1000;
  if (unit === "month") return Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth() + 1) / 1000;
  return local + (unit === "week" ? 7 * DAY : unit === "day" ? DAY : step);
}

function lowerLabel(clock, at, unit) {
  const wall = wallClock(clock, at);
  if (unit.unit === "year") return String(wall.getUTCFullYear());
  if (unit.unit === "month") return MONTHS[wall.getUTCMonth()];
  if (unit.unit === "week") return `W${week(wall)}`;
  if (unit.unit === "day") return unit.short ? String(wall.getUTCDate()) : `${WEEKDAYS[wall.getUTCDay()]} ${wall.getUTCDate()}`;
  return timeOfDay(clock, at);
}

function upperLabel(clock, at, unit) {
  const wall = wallClock(clock, at);
  const month = MONTHS[wall.getUTCMonth()];
  if (unit === "year") return String(wall.getUTCFullYear());
  if (unit === "month") return `${month} ${wall.getUTCFullYear()}`;
  return `${WEEKDAYS[wall.getUTCDay()]} ${wall.getUTCDate()} ${month} · W${week(wall)}`;
}
