/** What many runs of the plan say: how far bars may move, when orders are finished, and how likely they are in time. */

import { FONT } from "./brush.js";
import { day, moment, timeOfDay } from "./clock.js";
import { isBlank, valueAt } from "./columns.js";
import { barPlace } from "./pick.js";
import { barsBetween } from "./plan.js";
import { clamped, secondsPerPixel, toX } from "./scales.js";

/** Where the typical bar is shorter or lower than this, in pixels, only bars that are pointed at or chosen show ranges. */
const [SHORTEST_BAR, LOWEST_ROW] = [14, 14];

/**
 * Where 80 % of the runs lie, in seconds: from the 10th percentile of the start to the 90th of the end, and the median
 * end; null without a run, or when the run does not know the operation.
 */
export function rangeOf(plan, bar) {
  const { early, half, last } = plan.operations;
  if (!early || isBlank(early[bar]) || isBlank(last[bar])) return null;
  return { from: plan.run[bar] + 60 * early[bar], half: plan.to[bar] + 60 * half[bar], to: plan.to[bar] + 60 * last[bar] };
}

/** Draw ranges as calm bands behind the bars, with a tick where half of the runs have ended. */
export function drawBands(brush, scene, rowHeight) {
  const { plan, rows, view } = scene;
  if (rowHeight < LOWEST_ROW || plan.typical / secondsPerPixel(view) < SHORTEST_BAR) return;
  const reach = longestReach(plan);
  for (const row of rows) {
    if (row.kind !== "machine") continue;
    for (let lane = 0; lane < row.lanes; lane++) {
      const [first, last] = barsBetween(plan, plan.firstTrack[row.machine] + lane, view.from - reach, view.to + reach);
      for (let bar = first; bar < last; bar++) if (scene.isLit(bar)) drawBand(brush, scene, bar);
    }
  }
}

function drawBand(brush, scene, bar) {
  const place = rangePlace(scene, bar);
  if (!place) return;
  const inset = Math.round(0.3 * place.height);
  brush.fillStyle = scene.colours.css.range;
  brush.fillRect(place.x0, place.y + inset, place.x1 - place.x0, place.height - 2 * inset);
  brush.fillStyle = scene.colours.css["range-tick"];
  brush.fillRect(Math.round(place.half), place.y + inset, 2, place.height - 2 * inset);
}

/** Draw the range of a bar that is pointed at or chosen, over everything: a whisker along its lower edge. */
export function drawRange(brush, scene, bar) {
  const place = bar >= 0 && rangePlace(scene, bar);
  if (!place || place.x1 < 0 || place.x0 > scene.view.width) return;
  const y = Math.round(place.y + place.height) - 1;
  const cap = Math.min(6, Math.max(3, place.height / 2));
  for (const [colour, extra] of [[scene.colours.css.paper, 1], [scene.colours.css.ink, 0]]) {
    // A rim of paper keeps the whisker apart from bars of any colour.
    brush.fillStyle = colour;
    const block = (x, top, width, height) => brush.fillRect(x - extra, top - extra, width + 2 * extra, height + 2 * extra);
    block(Math.round(place.x0), y - 1, Math.round(place.x1) - Math.round(place.x0), 2);
    for (const x of [place.x0, place.x1]) block(Math.round(x) - 1, y - cap / 2, 2, cap);
    block(Math.round(place.half) - 1, y - cap, 3, cap);
  }
}

function rangePlace({ plan, view, offset, rowOfMachine }, bar) {
  const range = rangeOf(plan, bar);
  const place = range && barPlace(plan, rowOfMachine, view, bar);
  if (!place) return null;
  const [x0, half, x1] = [range.from, range.half, range.to].map((second) => toX(view, second));
  return { x0, half, x1, y: place.y - offset, height: place.height };
}

/** The longest time by which a range reaches beyond its bar; looked up once. */
function longestReach(plan) {
  plan.reach ??= plan.operations.last.reduce((most, minutes, bar) => {
    return Math.max(most, isBlank(minutes) ? 0 : minutes, isBlank(plan.operations.early[bar]) ? 0 : -plan.operations.early[bar]);
  }, 0) * 60;
  return plan.reach;
}

/** A date that half (`p50`), 80 % or 95 % of the runs keep for an order, in seconds; blank when it is not known. */
export function dateOf(plan, name, order) {
  const minutes = plan.orders[name][order];
  return isBlank(minutes) ? minutes : plan.orders.finish[order] + 60 * minutes;
}

/** The latest of the dates that 95 % of the runs keep, but not much after the plan's end, in seconds. */
export function latestDate(plan) {
  let latest = 0;
  for (let order = 0; order < plan.orders.rows; order++) latest = Math.max(latest, dateOf(plan, "p95", order));
  return Math.min(1.15 * plan.meta.end, latest);
}

/** Let the view of a board reach to the dates of an order. */
export function showDates({ plan, view, limits }, order) {
  const dates = [plan.orders.due[order], dateOf(plan, "p95", order)].filter((date) => !isBlank(date));
  const to = Math.max(view.to, ...dates.map((date) => date + 0.04 * (date - view.from)));
  return clamped({ ...view, to }, limits);
}

/** Draw the dates that half, 80 % and 95 % of the runs keep for an order, each with its flag below the one of its due date. */
export function drawDates(brush, { plan, view, colours }, height, order) {
  if (isBlank(plan.orders.p50[order])) return;
  [["50 %", "p50"], ["80 %", "p80"], ["95 %", "p95"]].forEach(([text, name], place) => {
    const x = Math.round(toX(view, dateOf(plan, name, order)));
    if (x < -40 || x > view.width + 40) return;
    const top = 15 * (place + 1);
    brush.fillStyle = colours.css.ink;
    brush.globalAlpha = 0.45;
    brush.fillRect(x, top, 1, height - top);
    brush.globalAlpha = 1;
    brush.font = FONT;
    const width = brush.measureText(text).width + 8;
    const left = Math.min(x, view.width - width);
    brush.fillRect(left, top, width, 14);
    brush.fillStyle = colours.css.paper;
    brush.textBaseline = "middle";
    brush.fillText(text, left + 4, top + 7.5);
  });
}

/** "80 % of runs: Mon 2 Mar 08:10 to 11:40, half end by 10:55". */
export function rangeLine(plan, clock, bar) {
  const range = rangeOf(plan, bar);
  if (!range) return "";
  const near = (second, to) => (day(clock, second) === day(clock, to) ? timeOfDay(clock, to) : moment(clock, to));
  const span = `${moment(clock, range.from)} to ${near(range.from, range.to)}`;
  return `80 % of runs: ${span}, half end by ${near(range.from, range.half)}`;
}

/** "SO-7 is in time in 72 % of runs", for a bar that is made for an order; empty without a run. */
export function chanceLine(plan, bar) {
  const [order, shares] = [plan.operations.order[bar], plan.orders.on_time];
  if (!shares || order < 0 || isBlank(shares[order])) return "";
  return `${valueAt(plan.orders.order, order)} is in time in ${percent(shares[order])} of runs`;
}

/** The odds of an order and the dates that most runs keep, in words. */
export function oddsLine(plan, clock, order) {
  const { on_time: share, p50 } = plan.orders;
  const between = rangeOfShare(plan, order);
  const odds = isBlank(share[order]) ? "" : `In time in ${percent(share[order])} of runs${between && ` (${between})`}. `;
  if (isBlank(p50[order])) return odds.trim();
  const dates = [["p50", "Half of the runs finish by"], ["p80", "80 % by"], ["p95", "95 % by"]];
  return `${odds}${dates.map(([name, words]) => `${words} ${moment(clock, dateOf(plan, name, order))}`).join(", ")}.`;
}

/** "65 to 78": the 95 % interval of an order's odds in per cent; empty when it is not known. */
export function rangeOfShare({ orders }, order) {
  const [low, high] = [orders.low[order], orders.high[order]];
  return isBlank(low) || isBlank(high) ? "" : `${hundredths(low)} to ${hundredths(high)}`;
}

/** The orders that the list of odds shows, in its order. */
export function listed(plan) {
  const { place } = plan.orders;
  return [...place.keys()].filter((order) => place[order] >= 0).sort((a, b) => place[a] - place[b]);
}

/** A share, given in hundredths of a per cent, as whole per cent; what is not quite none or all keeps a decimal. */
export function percent(share) {
  return `${hundredths(share)} %`;
}

function hundredths(share) {
  const [whole, tenths] = [Math.floor((share + 50) / 100), Math.floor((share + 5) / 10)];
  if ((whole !== 0 && whole !== 100) || share <= 0 || share >= 10000) return String(whole);
  return tenths === 0 ? "< 0.1" : tenths === 1000 ? "> 99.9" : (tenths / 10).toFixed(1);
}
