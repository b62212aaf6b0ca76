/** Where the rows of the board lie: a heading for each work center, under it its machines, each with its lanes. */

import { valueAt } from "./columns.js";

/**
 * Stack the rows. `folded` holds the work centers whose machines are hidden; a machine with several lanes is higher.
 * Gives `{rows, height}`; a row is `{kind, center, machine, machines, top, height, lanes}`.
 */
export function boardRows(plan, folded, rowHeight) {
  const rows = [];
  const heading = Math.min(Math.max(rowHeight, 14), 20);
  let top = 0;
  const add = (row, height) => {
    rows.push({ ...row, top, height });
    top += height;
  };
  for (const [center, machines] of centers(plan)) {
    add({ kind: "center", center, machines }, heading);
    if (folded.has(center)) continue;
    for (const machine of machines) {
      const lanes = plan.lanes[machine];
      add({ kind: "machine", center, machine, lanes }, rowHeight * (lanes > 1 ? Math.min(lanes, 6) * 0.6 : 1));
    }
  }
  return { rows, height: top };
}

/** Work centers with their machines, in the plan's order. */
export function centers(plan) {
  const found = new Map();
  for (let machine = 0; machine < plan.machines.rows; machine++) {
    const center = valueAt(plan.machines.work_center, machine);
    if (!found.has(center)) found.set(center, []);
    found.get(center).push(machine);
  }
  return found;
}

/** The place of the row at a height; -1 above or below all rows. */
export function rowAt(rows, y) {
  let [low, high] = [0, rows.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (y < rows[middle].top) high = middle - 1;
    else if (y >= rows[middle].top + rows[middle].height) low = middle + 1;
    else return middle;
  }
  return -1;
}

/** The rows that show between two heights. */
export function rowsBetween(rows, top, bottom) {
  const first = Math.max(0, rowAt(rows, Math.max(0, top)));
  let last = first;
  while (last < rows.length && rows[last].top < bottom) last++;
  return rows.slice(first, last);
}

/** Top and height of one lane inside a machine's row, with a gap where there is room for it. */
export function lanePlace(row, lane) {
  const height = row.height / row.lanes;
  const gap = height >= 10 ? 1.5 : height >= 4 ? 0.5 : 0;
  return { top: row.top + lane * height + gap, height: Math.max(1, height - 2 * gap) };
}

/** The height at which all rows fit into the board. */
export function fittingHeight(plan, height) {
  const groups = centers(plan).size;
  let units = 0;
  for (const lanes of plan.lanes) units += lanes > 1 ? Math.min(lanes, 6) * 0.6 : 1;
  return Math.min(Math.max((height - groups * 20) / Math.max(1, units), 3), 26);
}
