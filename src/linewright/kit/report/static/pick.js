/** Finds bars: under the pointer, and next to another bar. */

import { lanePlace, rowAt } from "./layout.js";
import { firstEndingAfter } from "./plan.js";
import { secondsPerPixel, toSecond } from "./scales.js";

/** The bar at pixel x and height y of the rows, or -1. Bars that are too narrow to hit can be hit from two pixels away. */
export function barAt(plan, rows, view, x, y) {
  const row = rows[rowAt(rows, y)];
  if (!row || row.kind !== "machine") return -1;
  const lane = Math.min(row.lanes - 1, Math.floor(((y - row.top) / row.height) * row.lanes));
  const track = plan.firstTrack[row.machine] + lane;
  return barOfTrack(plan, track, toSecond(view, x), 2 * secondsPerPixel(view));
}

function barOfTrack(plan, track, second, slack) {
  const bar = firstEndingAfter(plan, track, second);
  const last = plan.trackStart[track + 1];
  if (bar < last && plan.from[bar] <= second) return bar;
  const after = bar < last ? plan.from[bar] - second : Infinity;
  const before = bar > plan.trackStart[track] ? second - plan.to[bar - 1] : Infinity;
  if (Math.min(after, before) > slack) return -1;
  return after <= before ? bar : bar - 1;
}

/** The next bar in a direction: along its track, or the nearest in time on the next track that has one. */
export function neighbour(plan, bar, direction, isShown = () => true) {
  const track = plan.trackOf(bar);
  if (direction === "left") return bar > plan.trackStart[track] ? bar - 1 : -1;
  if (direction === "right") return bar + 1 < plan.trackStart[track + 1] ? bar + 1 : -1;
  if (direction === "first") return plan.trackStart[track];
  if (direction === "last") return plan.trackStart[track + 1] - 1;
  const step = direction === "up" ? -1 : 1;
  for (let other = track + step; other >= 0 && other + 1 < plan.trackStart.length; other += step) {
    const near = nearestOfTrack(plan, other, (plan.from[bar] + plan.to[bar]) / 2);
    if (near >= 0 && isShown(near)) return near;
  }
  return -1;
}

/** The bar of a track that is nearest to a moment, or -1 when the track is empty. */
export function nearestOfTrack(plan, track, second) {
  if (plan.trackStart[track] === plan.trackStart[track + 1]) return -1;
  return barOfTrack(plan, track, second, Infinity);
}

/** Where a bar lies on the board: `{x, y, width, height}`, y from the top of all rows; null when its row is folded. */
export function barPlace(plan, rowOfMachine, view, bar) {
  const row = rowOfMachine.get(plan.operations.machine[bar]);
  if (!row) return null;
  const { top, height } = lanePlace(row, plan.operations.lane[bar]);
  const scale = view.width / (view.to - view.from);
  const x = (plan.from[bar] - view.from) * scale;
  return { x, y: top, width: Math.max(1, (plan.to[bar] - plan.from[bar]) * scale), height };
}
