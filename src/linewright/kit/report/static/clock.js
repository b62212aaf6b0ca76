/** Tells the plant's local time for seconds since the plan's start, across changes of the clock. */

export const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
export const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `start` is the plan's start in seconds since 1970; `offsets` says from which second on which offset from UTC holds. */
export function makeClock({ start, offsets }) {
  return { start, offsets };
}

function offsetAt(clock, second) {
  let found = clock.offsets[0][1];
  for (const [from, offset] of clock.offsets) if (from <= second) found = offset;
  return found;
}

/** Local seconds since 1970, as if the plant's wall clock were UTC. */
export function toLocal(clock, second) {
  return clock.start + second + offsetAt(clock, second);
}

/** The plan's second at which the wall clock shows a local time; of two the first. */
export function fromLocal(clock, local) {
  const guess = local - clock.start;
  const second = guess - offsetAt(clock, guess);
  return guess - offsetAt(clock, second);
}

/** The wall clock as a Date whose UTC parts are the plant's local ones. */
export function wallClock(clock, second) {
  return new Date(toLocal(clock, second) * 1000);
}

const two = (number) => String(number).padStart(2, "0");

/** "14:05". */
export function timeOfDay(clock, second) {
  const wall = wallClock(clock, second);
  return `${two(wall.getUTCHours())}:${two(wall.getUTCMinutes())}`;
}

/** "Mon 2 Mar". */
export function day(clock, second) {
  const wall = wallClock(clock, second);
  return `${WEEKDAYS[wall.getUTCDay()]} ${wall.getUTCDate()} ${MONTHS[wall.getUTCMonth()]}`;
}

/** "Mon 2 Mar 14:05". */
export function moment(clock, second) {
  return `${day(clock, second)} ${timeOfDay(clock, second)}`;
}

/** "Mon 2 Mar 08:00 – 11:35", or with both days when they differ. */
export function span(clock, from, to) {
  const same = day(clock, from) === day(clock, to);
  return `${moment(clock, from)} – ${same ? timeOfDay(clock, to) : moment(clock, to)}`;
}

/** ISO calendar week of a wall-clock date. */
export function week(wall) {
  const thursday = new Date(wall);
  thursday.setUTCDate(wall.getUTCDate() + 3 - ((wall.getUTCDay() + 6) % 7));
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  return 1 + Math.floor((thursday - first) / (7 * 86400e3));
}
