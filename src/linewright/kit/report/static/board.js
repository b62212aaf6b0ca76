/** The plan board: what is shown, and the ways to change it. Drawing, gestures and the keyboard's grid use it. */

import { boardRows, fittingHeight, rowsBetween } from "./layout.js";
import { latestDate, showDates } from "./odds.js"; // with a run
import { barPlace } from "./pick.js";
import { levelOf, visibleBars } from "./pixels.js";
import { clamped, panned, zoomed } from "./scales.js";

const READABLE = 22;
const LARGEST_ROW = 48;

export class Board {
  /** `elements` are the scroller, its content (as high as all rows) and the stage that stays in view. */
  constructor(plan, clock, elements) {
    Object.assign(this, { plan, clock, elements });
    const room = Math.max(plan.meta.end * 0.01, 60);
    this.limits = { from: -room, to: Math.max(plan.meta.end, 60) + 3 * room };
    this.limits.to = Math.max(this.limits.to, latestDate(plan) + 3 * room); // with a run
    this.view = { ...this.limits, width: 1 };
    this.folded = new Set();
    this.rowHeight = READABLE;
    this.mask = null;
    this.chain = null;
    this.order = -1;
    this.hover = -1;
    this.watchers = [];
    elements.scroller.addEventListener("scroll", () => this.changed());
    new ResizeObserver(() => this.resized()).observe(elements.scroller);
  }

  /** Call a function once in each frame in which something has changed. */
  watch(watcher) {
    this.watchers.push(watcher);
  }

  changed() {
    this.waiting ??= requestAnimationFrame(() => this.now());
  }

  /** Draw at once, without waiting for the next frame. */
  now() {
    cancelAnimationFrame(this.waiting);
    this.waiting = undefined;
    for (const watcher of this.watchers) watcher();
  }

  resized() {
    // A print shows what the screen did, scaled to the paper.
    if (this.onPaper) return;
    const first = this.view.width === 1;
    this.measure();
    if (first) this.fit();
    this.arrange();
  }

  measure() {
    const { scroller } = this.elements;
    this.gutter = parseFloat(getComputedStyle(scroller).getPropertyValue("--gutter"));
    this.height = scroller.clientHeight;
    this.view = { ...this.view, width: Math.max(1, scroller.clientWidth - this.gutter) };
    this.smallestRow = Math.min(fittingHeight(this.plan, this.height), READABLE);
  }

  /** Stack the rows again after folding or a change of their height. */
  arrange() {
    this.layout = boardRows(this.plan, this.folded, this.rowHeight);
    this.rowOfMachine = new Map(this.layout.rows.filter(({ kind }) => kind === "machine").map((row) => [row.machine, row]));
    this.elements.content.style.height = `${Math.max(this.layout.height, this.height)}px`;
    this.elements.stage.style.height = `${this.height}px`;
    this.changed();
  }

  get offset() {
    return this.elements.scroller.scrollTop;
  }

  /** The rows that show, and how much of the plan can be told apart in them. */
  shown() {
    const rows = rowsBetween(this.layout.rows, this.offset, this.offset + this.height);
    const bars = visibleBars(this.plan, rows, this.view);
    return { rows, bars, level: levelOf(this.plan, this.view, bars, this.rowHeight) };
  }

  fit() {
    this.view = clamped({ ...this.view, ...this.limits }, this.limits);
    this.rowHeight = fittingHeight(this.plan, this.height);
    this.arrange();
  }

  /** Zoom in time around x; rows grow with it until they are readable, around y. */
  zoom(factor, x = this.view.width / 2, y = this.height / 2) {
    this.view = zoomed(this.view, factor, x, this.limits);
    this.setRowHeight(this.rowHeight * factor ** 0.6, y, Math.max(READABLE, this.rowHeight));
  }

  setRowHeight(height, y = this.height / 2, largest = LARGEST_ROW) {
    const chosen = Math.min(Math.max(height, this.smallestRow), largest);
    if (chosen === this.rowHeight) return this.changed();
    const share = (this.offset + y) / Math.max(1, this.layout.height);
    this.rowHeight = chosen;
    this.arrange();
    this.elements.scroller.scrollTop = share * this.layout.height - y;
  }

  pan(dx, dy = 0) {
    this.view = panned(this.view, dx, this.limits);
    if (dy) this.elements.scroller.scrollTop += dy;
    this.changed();
  }

  toggle(center) {
    if (!this.folded.delete(center)) this.folded.add(center);
    this.arrange();
  }

  light(mask) {
    this.mask = mask;
    this.changed();
  }

  /** Whether a bar is drawn in full: it is in the chain, or found, or nothing is asked for. */
  isLit(bar) {
    if (this.mask) return this.mask[bar] === 1;
    return this.chain ? this.lit.has(bar) : true;
  }

  /** Show the chain of an order (or of a bar without one), and all of it in time if asked for. */
  show(chain, order, { whole = false } = {}) {
    Object.assign(this, { chain, order });
    this.lit = chain && new Set([...chain.bars, ...chain.back]);
    if (chain && whole && chain.bars.length) this.frame([...chain.bars, ...chain.back.slice(0, 6)]);
    if (chain && whole && order >= 0) this.view = showDates(this, order); // with a run
    this.changed();
  }

  /** Choose the view that holds some bars, with room around them. */
  frame(bars) {
    const { from, to } = this.plan;
    const first = Math.min(...bars.map((bar) => from[bar]));
    const last = Math.max(...bars.map((bar) => to[bar]));
    const room = Math.max(0.06 * (last - first), 900);
    this.view = clamped({ ...this.view, from: first - room, to: last + room }, this.limits);
    for (const bar of bars) this.unfold(bar);
    this.setRowHeight(Math.max(this.rowHeight, this.smallestRow, 16));
    this.scrollTo(bars.at(-1));
  }

  /** Bring one bar into view, and make it readable if it is too small to be one. */
  reveal(bar) {
    this.unfold(bar);
    if (this.rowHeight < 14) this.setRowHeight(READABLE);
    const place = barPlace(this.plan, this.rowOfMachine, this.view, bar);
    const [from, to] = [this.plan.from[bar], this.plan.to[bar]];
    if (this.shown().level !== "bars" || place.width < 6) {
      const length = Math.max(24 * this.plan.typical, 2 * (to - from));
      this.view = clamped({ ...this.view, from: (from + to - length) / 2, to: (from + to + length) / 2 }, this.limits);
    } else if (place.x < 0 || place.x + place.width > this.view.width) {
      this.view = panned(this.view, place.x + place.width / 2 - this.view.width / 2, this.limits);
    }
    this.scrollTo(bar);
    this.changed();
  }

  unfold(bar) {
    if (this.rowOfMachine.has(this.plan.operations.machine[bar])) return;
    const machine = this.plan.operations.machine[bar];
    this.folded.delete(this.plan.machines.work_center.values[this.plan.machines.work_center.codes[machine]]);
    this.arrange();
  }

  scrollTo(bar) {
    const { y, height } = barPlace(this.plan, this.rowOfMachine, this.view, bar);
    if (y < this.offset + 18 || y + height > this.offset + this.height - 8) {
      this.elements.scroller.scrollTop = y - this.height / 2;
    }
  }
}
