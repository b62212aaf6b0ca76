/** Paints rows straight into a pixel buffer: the only way that stays fluid with very many bars and no graphics card. */

import { lanePlace } from "./layout.js";
import { barsBetween } from "./plan.js";
import { secondsPerPixel, toX } from "./scales.js";

/** How much of the plan can be told apart: load per machine and day, plain blocks, or bars with labels. */
export function levelOf(plan, view, visibleBars, rowHeight) {
  const pixels = plan.typical / secondsPerPixel(view);
  if (pixels < 2.5 || (pixels < 10 && rowHeight < 8)) return "heat";
  return visibleBars > 6000 ? "blocks" : "bars";
}

/** The number of bars in a view of some rows. */
export function visibleBars(plan, rows, view) {
  let sum = 0;
  for (const row of rows) {
    if (row.kind !== "machine") continue;
    for (let lane = 0; lane < row.lanes; lane++) {
      const [first, last] = barsBetween(plan, plan.firstTrack[row.machine] + lane, view.from, view.to);
      sum += last - first;
    }
  }
  return sum;
}

/**
 * Paint how full each machine is on each day; diagonal pixels in the late colour show the share for late orders, so
 * that it is seen without colours. `image` is `{pixels, width, height, scale}` with `scale` pixels for one of the page.
 */
export function paintHeat(image, rows, view, plan, colours, offset) {
  const columns = dayOfColumn(image, view, plan);
  const days = plan.days.rows - 1;
  for (const row of rows) {
    const machines = row.kind === "machine" ? [row.machine] : row.machines;
    const cells = dayCells(plan, machines, days, colours);
    fillRow(image, row, offset, (x, y) => {
      const day = columns[x];
      if (day < 0) return colours.outside;
      const late = cells.late[day];
      return late > 0 && ((x + y) & 7) < late ? colours.late : cells.colour[day];
    });
  }
}

/** Colour and number of late diagonals (of 8) for each day of some machines together. */
export function dayCells(plan, machines, days, colours) {
  const colour = new Uint32Array(days);
  const late = new Uint8Array(days);
  for (let day = 0; day < days; day++) {
    const { busy, late: lateHours, open } = dayHours(plan, machines, day, days);
    colour[day] = heatColour(busy, open, colours);
    late[day] = lateHours > 0 ? Math.min(6, 1 + Math.round((5 * lateHours) / busy)) : 0;
  }
  return { colour, late };
}

/** Busy, late and open hours of some machines on one day. */
export function dayHours(plan, machines, day, days = plan.days.rows - 1) {
  const sum = { busy: 0, late: 0, open: 0 };
  for (const machine of machines) {
    const cell = machine * days + day;
    sum.busy += plan.load.busy[cell];
    sum.late += plan.load.late[cell];
    sum.open += plan.load.open[cell];
  }
  return sum;
}

function heatColour(busy, open, colours) {
  if (busy <= 1e-6) return open > 1e-6 ? colours.paper : colours.closed;
  if (busy > open * 1.0001 + 0.01) return colours.overload;
  return colours.heat[Math.min(colours.heat.length - 1, Math.floor((busy / open) * colours.heat.length))];
}

function dayOfColumn(image, view, plan) {
  const columns = new Int32Array(image.width).fill(-1);
  const midnights = plan.days.midnight;
  for (let day = 0; day + 1 < plan.days.rows; day++) {
    const from = Math.max(0, Math.round(toX(view, midnights[day]) * image.scale));
    const to = Math.min(image.width, Math.round(toX(view, midnights[day + 1]) * image.scale));
    if (to > from) columns.fill(day, from, to);
  }
  return columns;
}

/** Paint nights, and unless only they are asked for, bars without labels: setups, runs and late runs. */
export function paintBlocks(image, rows, view, plan, colours, offset, onlyNights = false) {
  for (const row of rows) {
    if (row.kind !== "machine") continue;
    for (const [from, to] of plan.nights.get(plan.machines.calendar[row.machine]) ?? []) {
      fillSpan(image, row.top - offset, row.height, toX(view, from), toX(view, to), colours.closed);
    }
    for (let lane = 0; lane < row.lanes && !onlyNights; lane++) paintTrack(image, row, lane, view, plan, colours, offset);
  }
}

function paintTrack(image, row, lane, view, plan, colours, offset) {
  const place = lanePlace(row, lane);
  const [begin, end] = barsBetween(plan, plan.firstTrack[row.machine] + lane, view.from, view.to);
  for (let bar = begin; bar < end; bar++) {
    const [from, run, to] = [plan.from[bar], plan.run[bar], plan.to[bar]].map((second) => toX(view, second));
    if (run > from) fillSpan(image, place.top - offset, place.height, from, run, colours.setup);
    const [first, second] = plan.late[bar] ? [colours.late, colours.stripe] : [colours.bar, colours.bar];
    fillSpan(image, place.top - offset, place.height, run, Math.max(to - 0.5, run + 0.6), first, second);
  }
}

/** Fill a rectangle; two different colours make diagonals. */
function fillSpan(image, top, height, from, to, colour, second = colour) {
  const { pixels, width, scale } = image;
  const x0 = Math.max(0, Math.round(from * scale));
  const x1 = Math.min(width, Math.round(to * scale));
  const y0 = Math.max(0, Math.round(top * scale));
  const y1 = Math.min(image.height, Math.max(y0 + 1, Math.round((top + height) * scale)));
  if (x1 <= x0) return;
  for (let y = y0; y < y1; y++) {
    pixels.fill(colour, y * width + x0, y * width + x1);
    if (second !== colour) for (let x = x0 + ((4 - ((x0 + y) & 3)) & 3); x < x1; x += 4) pixels[y * width + x] = second;
  }
}

/** Fill a row pixel by pixel, leaving a line between rows that are high enough; equal rows of pixels are copied. */
function fillRow(image, row, offset, colourAt) {
  const { pixels, width, scale } = image;
  const y0 = Math.max(0, Math.round((row.top - offset) * scale));
  const gap = row.height > 3 ? 1 : 0;
  const y1 = Math.min(image.height, Math.max(y0 + 1, Math.round((row.top + row.height - offset) * scale) - gap));
  for (let y = y0; y < y1; y++) {
    // Diagonals repeat every eight lines.
    if (y - y0 >= 8) pixels.copyWithin(y * width, (y - 8) * width, (y - 7) * width);
    else for (let x = 0; x < width; x++) pixels[y * width + x] = colourAt(x, y);
  }
}
