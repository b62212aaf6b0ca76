/** The plan as the board sees it: bars in tracks, with the rows that they belong to. */

import { valueAt } from "./columns.js";

/**
 * Add what is looked up often to the decoded frames. A track is one lane of one machine: its bars are sorted and do
 * not overlap, so every question about time is a binary search.
 */
export function makePlan({ meta, frames }) {
  const { operations, machines, orders } = frames;
  const lanes = laneCounts(operations, machines.rows);
  const firstTrack = runningSum(lanes);
  const trackOf = (row) => firstTrack[operations.machine[row]] + operations.lane[row];
  const trackStart = new Uint32Array(firstTrack[machines.rows] + 1);
  for (let row = 0; row < operations.rows; row++) trackStart[trackOf(row) + 1]++;
  for (let track = 0; track + 1 < trackStart.length; track++) trackStart[track + 1] += trackStart[track];
  return {
    meta, ...frames,
    count: operations.rows,
    from: operations.setup_start, run: operations.start, to: operations.end,
    lanes, firstTrack, trackStart, trackOf,
    late: operations.order.map((order) => (order >= 0 && orders.late_days[order] > 0 ? 1 : 0)),
    typical: typicalSeconds(operations),
    nights: nightsByCalendar(frames.closed),
  };
}

export function operationName(plan, row) {
  return `${jobName(plan, plan.operations.job[row])}/${plan.operations.step[row]}`;
}

export function jobName(plan, job) {
  return valueAt(plan.jobs.job, job);
}

export function machineName(plan, machine) {
  return valueAt(plan.machines.machine, machine);
}

/** The name of the order that an operation is for; empty when there is none. */
export function orderName(plan, row) {
  const order = plan.operations.order[row];
  return order >= 0 ? valueAt(plan.orders.order, order) : "";
}

/** The first bar of a track that ends after a moment. */
export function firstEndingAfter(plan, track, second) {
  let [low, high] = [plan.trackStart[track], plan.trackStart[track + 1]];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (plan.to[middle] <= second) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first bar of a track that begins at a moment or later. */
export function firstStartingFrom(plan, track, second) {
  let [low, high] = [plan.trackStart[track], plan.trackStart[track + 1]];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (plan.from[middle] < second) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The bars of a track that lie in a view: `[first, last)`. */
export function barsBetween(plan, track, from, to) {
  const first = firstEndingAfter(plan, track, from);
  return [first, Math.max(first, firstStartingFrom(plan, track, to))];
}

function laneCounts(operations, machines) {
  const lanes = new Uint32Array(machines).fill(1);
  for (let row = 0; row < operations.rows; row++) {
    const machine = operations.machine[row];
    lanes[machine] = Math.max(lanes[machine], operations.lane[row] + 1);
  }
  return lanes;
}

function runningSum(numbers) {
  const sums = new Uint32Array(numbers.length + 1);
  numbers.forEach((number, place) => { sums[place + 1] = sums[place] + number; });
  return sums;
}

/** The median length of a bar, from a sample of a thousand. */
function typicalSeconds(operations) {
  const step = Math.max(1, Math.floor(operations.rows / 1000));
  const lengths = [];
  for (let row = 0; row < operations.rows; row += step) lengths.push(operations.end[row] - operations.setup_start[row]);
  return lengths.sort((a, b) => a - b)[lengths.length >> 1] ?? 3600;
}

function nightsByCalendar(closed) {
  const nights = new Map();
  for (let row = 0; row < closed.rows; row++) {
    const calendar = closed.calendar[row];
    if (!nights.has(calendar)) nights.set(calendar, []);
    nights.get(calendar).push([closed.begin[row], closed.end[row]]);
  }
  return nights;
}
