/** How full each work center is, under the time axis of the board: hours a day against the hours that it is open. */

import { cut, FONT } from "./brush.js";
import { day } from "./clock.js";
import { centers } from "./layout.js";
import { dayHours } from "./pixels.js";
import { secondsPerPixel, toX, toSecond } from "./scales.js";
import { amount } from "./words.js";

export const ROW = 40;

/** The work centers, fullest first, with the hours of each day. */
export function makeLoad(plan) {
  const days = plan.days.rows - 1;
  const rows = [...centers(plan)].map(([center, machines]) => {
    const hours = Array.from({ length: days }, (_, place) => dayHours(plan, machines, place, days));
    return { center, machines, hours, used: plan.meta.used[center] };
  });
  return rows.sort((a, b) => b.used - a.used || a.center.localeCompare(b.center));
}

/** Days in one column, so that a column is wide enough to be seen. */
export function daysPerColumn(view) {
  const pixels = 86400 / secondsPerPixel(view);
  return [1, 7, 28, 91].find((days) => days * pixels >= 4) ?? 365;
}

/** Sum the days of a row into columns: `{first, last, busy, late, open}` with days `[first, last)`. */
export function columnsOf(row, size) {
  const columns = [];
  for (let first = 0; first < row.hours.length; first += size) {
    const days = row.hours.slice(first, first + size);
    const sum = { first, last: first + days.length, busy: 0, late: 0, open: 0 };
    for (const each of days) for (const name of ["busy", "late", "open"]) sum[name] += each[name];
    columns.push(sum);
  }
  return columns;
}

/** Draw the rows of the load chart that show; on paper the first page of them. */
export function drawLoad(layer, board, load, scroller, colours) {
  const { view, gutter, plan } = board;
  const height = board.onPaper ? Math.min(load.length, 16) * ROW : scroller.clientHeight;
  const offset = board.onPaper ? 0 : scroller.scrollTop;
  const brush = layer.begin(gutter + view.width, height, colours.css.panel);
  const size = daysPerColumn(view);
  load.forEach((row, place) => {
    const top = place * ROW - offset;
    if (top > height || top + ROW < 0) return;
    drawRow(brush, row, top, { view, gutter, plan, colours, size });
  });
}

function drawRow(brush, row, top, { view, gutter, plan, colours, size }) {
  const columns = columnsOf(row, size);
  const most = Math.max(1e-9, ...columns.map(({ busy, open }) => Math.max(busy, open)));
  const [base, room] = [top + ROW - 4, ROW - 10];
  names(brush, row, top, gutter, colours);
  brush.save();
  brush.beginPath();
  brush.rect(gutter, top, view.width, ROW);
  brush.clip();
  brush.translate(gutter, 0);
  brush.fillStyle = colours.css.line;
  brush.fillRect(0, base, view.width, 1);
  for (const column of columns) drawColumn(brush, column, { view, plan, colours, base, scale: room / most });
  brush.restore();
}

function drawColumn(brush, { first, last, busy, late, open }, { view, plan, colours, base, scale }) {
  const [x0, x1] = [toX(view, plan.days.midnight[first]), toX(view, plan.days.midnight[last])];
  if (x1 < 0 || x0 > view.width) return;
  const width = Math.max(1, x1 - x0 - (x1 - x0 > 6 ? 1.5 : 0));
  const block = (from, to, fill) => {
    brush.fillStyle = fill;
    brush.fillRect(x0, base - to * scale, width, (to - from) * scale);
  };
  const within = Math.min(busy, open);
  block(0, within, colours.css.bar);
  if (late > 0) block(0, Math.min(late, within), colours.lateStripes);
  if (busy > open + 1e-6) block(open, busy, colours.overloadStripes);
  brush.fillStyle = colours.css.ink;
  if (open > 0) brush.fillRect(x0, Math.round(base - open * scale) - 0.5, x1 - x0, 1);
}

function names(brush, row, top, gutter, colours) {
  brush.font = FONT;
  brush.textBaseline = "middle";
  brush.fillStyle = colours.css.ink;
  brush.fillText(cut(row.center || "Other machines", gutter - 12), 8, top + 14);
  brush.fillStyle = colours.css.muted;
  brush.fillText(`${Math.round(100 * row.used)} % used`, 8, top + 29);
}

/** What is under the pointer, in lines; empty beside the columns. */
export function loadLines(board, load, x, y) {
  const row = load[Math.floor(y / ROW)];
  if (!row) return [];
  const second = toSecond(board.view, x);
  const column = columnsOf(row, daysPerColumn(board.view)).find(({ first, last }) => {
    return board.plan.days.midnight[first] <= second && second < board.plan.days.midnight[last];
  });
  if (!column) return [];
  const until = column.last - column.first > 1 ? ` – ${day(board.clock, board.plan.days.midnight[column.last] - 1)}` : "";
  const hours = (value) => amount(Math.round(10 * value) / 10);
  const share = column.open > 0 ? ` (${Math.round((100 * column.busy) / column.open)} %)` : "";
  return [
    `${row.center || "Other machines"} · ${day(board.clock, board.plan.days.midnight[column.first] + 1)}${until}`,
    `${hours(column.busy)} of ${hours(column.open)} h${share}`,
    column.late > 0 ? `${hours(column.late)} h for late orders` : "",
    column.busy > column.open + 1e-6 ? `${hours(column.busy - column.open)} h too much` : "",
  ].filter(Boolean);
}
