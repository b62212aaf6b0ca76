/** Draws bars, links, dates and labels with a canvas brush, in page pixels. */

import { valueAt } from "./columns.js";
import { barPlace } from "./pick.js";
import { barsBetween, jobName, machineName, orderName } from "./plan.js";
import { toX } from "./scales.js";

export const FONT = '11px Inter, "Inter Variable", system-ui, sans-serif';
const LETTER = 6.3;

/** Cut a text to a width, in letters of the board's font. */
export function cut(text, width) {
  const letters = Math.floor(width / LETTER);
  if (text.length <= letters) return text;
  return letters < 3 ? "" : `${text.slice(0, letters - 1)}…`;
}

/** Draw the bars of the visible rows with labels, setups and nights. `scene` holds plan, view, rows, offset, colours. */
export function drawBars(brush, scene) {
  const { plan, rows, view, offset, colours } = scene;
  const tracks = [];
  for (const row of rows) {
    if (row.kind !== "machine") continue;
    for (let lane = 0; lane < row.lanes; lane++) {
      const [first, last] = barsBetween(plan, plan.firstTrack[row.machine] + lane, view.from, view.to);
      for (let bar = first; bar < last; bar++) drawBar(brush, scene, bar);
      tracks.push([first, last]);
    }
    brush.globalAlpha = 0.55;
    brush.fillStyle = colours.css.closed;
    for (const [x, width] of nights(plan, row.machine, view)) brush.fillRect(x, row.top - offset, width, row.height - 1);
    brush.globalAlpha = 1;
  }
  // Names come last, so that no night lies over them.
  for (const [first, last] of tracks) for (let bar = first; bar < last; bar++) label(brush, scene, bar);
}

/** The closed times of a machine that show, as pairs of x and width. */
export function nights(plan, machine, view) {
  const windows = plan.nights.get(plan.machines.calendar[machine]) ?? [];
  const shown = [];
  for (const [from, to] of windows) {
    if (to <= view.from || from >= view.to) continue;
    const [x0, x1] = [Math.max(0, toX(view, from)), Math.min(view.width, toX(view, to))];
    shown.push([x0, x1 - x0]);
  }
  return shown;
}

/** Draw a bar among pixels so that it is seen however small it is. */
export function drawSpot(brush, { plan, view, colours, offset, rowOfMachine }, bar) {
  const { x, y, width, height } = barPlace(plan, rowOfMachine, view, bar);
  if (x > view.width || x + width < 0) return;
  brush.fillStyle = plan.late[bar] ? colours.css.late : colours.css.accent;
  brush.fillRect(x, y - offset, Math.max(2, width), Math.max(2, height));
}

/** Draw one bar: its setup hatched, its run plain, or striped when it is for a late order. */
export function drawBar(brush, scene, bar) {
  const { plan, view, colours, offset, isLit } = scene;
  const place = barPlace(plan, scene.rowOfMachine, view, bar);
  if (!place) return;
  const y = place.y - offset;
  const run = toX(view, plan.run[bar]);
  const x0 = Math.max(-4, place.x);
  const x1 = Math.min(view.width + 4, place.x + place.width);
  brush.globalAlpha = isLit(bar) ? 1 : 0.18;
  if (run > x0) {
    brush.fillStyle = colours.setupStripes;
    brush.fillRect(x0, y, Math.min(run, x1) - x0, place.height);
  }
  const begin = Math.max(x0, Math.min(run, x1));
  brush.fillStyle = plan.late[bar] ? colours.lateStripes : colours.css.bar;
  brush.fillRect(begin, y, Math.max(0.8, x1 - begin - 0.8), place.height);
  if (plan.operations.pinned[bar]) {
    brush.fillStyle = colours.css.ink;
    brush.fillRect(begin, y, 2, place.height);
  }
  brush.globalAlpha = 1;
}

/** Write the order and the step into a bar that is lit and large enough. */
function label(brush, { plan, view, colours, offset, rowOfMachine, isLit }, bar) {
  const place = barPlace(plan, rowOfMachine, view, bar);
  if (!place || place.height < 11 || place.width < 30 || !isLit(bar)) return;
  const [from, x1] = [Math.max(2, toX(view, plan.run[bar]) + 4), Math.min(view.width, place.x + place.width)];
  const [y, { height }] = [place.y - offset, place];
  const name = orderName(plan, bar) || jobName(plan, plan.operations.job[bar]);
  const text = cut(`${name} ${valueAt(plan.operations.name, bar)}`, x1 - from - 4);
  if (!text) return;
  brush.font = FONT;
  if (plan.late[bar]) {
    // A plain ground under the letters: stripes are for states, not for reading.
    brush.fillStyle = colours.css.late;
    brush.fillRect(from - 2, y, brush.measureText(text).width + 4, height);
  }
  brush.fillStyle = plan.late[bar] ? colours.css["late-ink"] : colours.css["bar-ink"];
  brush.textBaseline = "middle";
  brush.fillText(text, from, y + height / 2 + 0.5);
}

/** Draw a chain over everything: its links, its bars in full, those that blocked it outlined. */
export function drawChain(brush, scene, chain) {
  const { plan, colours, offset } = scene;
  const own = new Set(chain.bars);
  brush.lineWidth = 1.25;
  for (const [before, bar] of chain.arrows) {
    const waiting = plan.operations.waits_for_operation[bar] === before;
    drawLink(brush, scene, before, bar, waiting ? colours.css.ink : colours.css.muted);
  }
  for (const bar of new Set([...chain.bars, ...chain.back])) {
    const place = barPlace(plan, scene.rowOfMachine, scene.view, bar);
    if (!place || place.x > scene.view.width || place.x + place.width < 0) continue;
    drawBar(brush, { ...scene, isLit: () => true }, bar);
    label(brush, { ...scene, isLit: () => true }, bar);
    outline(brush, place, offset, own.has(bar) ? colours.css.focus : colours.css.muted, own.has(bar) ? 2 : 1);
  }
}

export function outline(brush, place, offset, colour, width) {
  brush.strokeStyle = colour;
  brush.lineWidth = width;
  brush.strokeRect(place.x + 0.5, place.y - offset + 0.5, Math.max(2, place.width - 1), place.height - 1);
}

function drawLink(brush, { plan, view, rowOfMachine, offset }, before, bar, colour) {
  const [a, b] = [barPlace(plan, rowOfMachine, view, before), barPlace(plan, rowOfMachine, view, bar)];
  if (!a || !b) return;
  const [x0, x1] = [a.x + a.width, toX(view, plan.run[bar])];
  if (Math.max(x0, x1) < 0 || Math.min(x0, x1) > view.width) return;
  const [y0, y1] = [a.y + a.height / 2 - offset, b.y + b.height / 2 - offset];
  const turn = x1 - x0 > 8 ? x0 + 4 : x1 - 4;
  brush.strokeStyle = brush.fillStyle = colour;
  brush.beginPath();
  brush.moveTo(x0, y0);
  brush.lineTo(turn, y0);
  brush.lineTo(turn, y1);
  brush.lineTo(x1 - 1, y1);
  brush.stroke();
  brush.beginPath();
  brush.moveTo(x1, y1);
  brush.lineTo(x1 - 5, y1 - 3);
  brush.lineTo(x1 - 5, y1 + 3);
  brush.fill();
}

/** Draw when an order is due, and the late time after it. */
export function drawDue(brush, { view, colours }, height, due, finish) {
  const x = toX(view, due);
  if (finish > due) {
    brush.globalAlpha = 0.16;
    brush.fillStyle = colours.css.late;
    brush.fillRect(x, 0, toX(view, finish) - x, height);
    brush.globalAlpha = 1;
  }
  brush.strokeStyle = colours.css.late;
  brush.setLineDash([4, 3]);
  brush.beginPath();
  brush.moveTo(Math.round(x) + 0.5, 0);
  brush.lineTo(Math.round(x) + 0.5, height);
  brush.stroke();
  brush.setLineDash([]);
  flag(brush, { view, colours }, "due", x);
}

/** A small flag at the top of a vertical line. */
export function flag(brush, { view, colours }, text, x) {
  if (x < -40 || x > view.width + 40) return;
  brush.font = FONT;
  const width = brush.measureText(text).width + 8;
  const left = Math.min(x, view.width - width);
  brush.fillStyle = colours.css.late;
  brush.fillRect(left, 0, width, 14);
  brush.fillStyle = colours.css["late-ink"];
  brush.textBaseline = "middle";
  brush.fillText(text, left + 4, 7.5);
}

/** Write the names of the visible rows into the column beside the plot; on paper those of work centers, too. */
export function drawNames(brush, { plan, rows, offset, colours }, width, onPaper) {
  brush.font = FONT;
  brush.textBaseline = "middle";
  brush.fillStyle = colours.css.ink;
  for (const row of rows) {
    const y = row.top - offset + row.height / 2 + 0.5;
    if (row.kind === "center" && onPaper) brush.fillText(cut(row.center || "Other machines", width - 10), 6, y);
    if (row.kind === "machine" && row.height >= 10) brush.fillText(cut(machineName(plan, row.machine), width - 22), 18, y);
  }
}
