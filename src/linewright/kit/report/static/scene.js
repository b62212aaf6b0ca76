/** Draws the board: a layer of pixels (nights, load, many bars) and over it what needs a brush. */

import { FONT, drawBars, drawChain, drawDue, drawNames, drawSpot, outline } from "./brush.js";
import { isBlank } from "./columns.js";
import { drawBands, drawDates, drawRange } from "./odds.js"; // with a run
import { barPlace } from "./pick.js";
import { paintBlocks, paintHeat } from "./pixels.js";
import { ticks, toX } from "./scales.js";

/** A canvas that is as sharp as the screen. */
export class Layer {
  constructor(canvas) {
    this.canvas = canvas;
    this.brush = canvas.getContext("2d", { alpha: false });
  }

  /** Fit the canvas to its size on the page and start with a plain ground. */
  begin(width, height, ground) {
    const scale = window.devicePixelRatio || 1;
    const [wide, high] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
    if (this.canvas.width !== wide || this.canvas.height !== high) {
      Object.assign(this.canvas, { width: wide, height: high });
      this.canvas.style.width = `${width}px`;
      this.canvas.style.height = `${height}px`;
    }
    this.scale = scale;
    this.brush.setTransform(scale, 0, 0, scale, 0, 0);
    this.brush.fillStyle = ground;
    this.brush.fillRect(0, 0, width, height);
    return this.brush;
  }

  /** A buffer of pixels for the plot, filled with one colour; it is kept from frame to frame. */
  image(width, height, ground) {
    const [wide, high] = [Math.max(1, Math.round(width * this.scale)), Math.max(1, Math.round(height * this.scale))];
    if (!this.data || this.data.width !== wide || this.data.height !== high) {
      this.data = new ImageData(wide, high);
      this.pixels = new Uint32Array(this.data.data.buffer);
    }
    this.pixels.fill(ground);
    return { pixels: this.pixels, width: wide, height: high, scale: this.scale };
  }
}

/** Draw everything that the board shows now. */
export function drawBoard(layer, board, colours) {
  const { plan, view, offset, height, gutter } = board;
  const { rows, level } = board.shown();
  const brush = layer.begin(gutter + view.width, height, colours.css.panel);
  const scene = { plan, view, rows, offset, colours, rowOfMachine: board.rowOfMachine, isLit: (bar) => board.isLit(bar) };
  drawGround(layer, board, scene, level);
  drawNames(brush, scene, gutter, board.onPaper);
  brush.save();
  brush.translate(gutter, 0);
  brush.beginPath();
  brush.rect(0, 0, view.width, height);
  brush.clip();
  drawLines(brush, board, scene);
  if (level === "bars") drawBands(brush, scene, board.rowHeight); // with a run
  if (level === "bars") drawBars(brush, scene);
  else if (board.mask || board.chain) drawLit(brush, board, scene);
  drawSelection(brush, board, scene);
  brush.restore();
}

/** Nights, load and plain blocks as pixels; a heading shows the load of its machines. */
function drawGround(layer, board, scene, level) {
  const { view, plan, rows, offset, colours } = scene;
  const image = layer.image(view.width, board.height, colours.pixels.paper);
  const headings = rows.filter(({ kind }) => kind === "center").map((row) => strip(row, board.folded.has(row.center), level));
  if (level === "heat") paintHeat(image, rows.filter(({ kind }) => kind === "machine"), view, plan, colours.pixels, offset);
  else paintBlocks(image, rows, view, plan, colours.pixels, offset, level === "bars");
  for (const row of rows) if (row.kind === "center") paintGround(image, row, offset, colours.pixels.outside);
  paintHeat(image, headings, view, plan, colours.pixels, offset);
  if (board.mask || board.chain) fade(image, colours, level);
  layer.brush.putImageData(layer.data, Math.round(board.gutter * layer.scale), 0);
}

/** Where the load of a heading is painted: all of it when its machines are not seen one by one, else its lower edge. */
function strip(row, folded, level) {
  const { top, height } = row;
  return folded || level === "heat" ? { ...row, top: top + 3, height: height - 6 } : { ...row, top: top + height - 5, height: 4 };
}

function paintGround(image, row, offset, colour) {
  const from = Math.max(0, Math.round((row.top - offset) * image.scale));
  const to = Math.min(image.height, Math.round((row.top + row.height - offset) * image.scale));
  if (to > from) image.pixels.fill(colour, from * image.width, to * image.width);
}

/** Let the far view step back while something is searched for or chosen. */
function fade(image, colours, level) {
  if (level === "bars") return;
  const paper = colours.pixels.paper;
  for (let place = 0; place < image.pixels.length; place++) {
    // A quarter of the colour and three of the ground, for each of the four bytes at once.
    const [own, back] = [(image.pixels[place] >>> 2) & 0x3f3f3f3f, (paper >>> 2) & 0x3f3f3f3f];
    image.pixels[place] = (own + 3 * back) | 0xff000000;
  }
}

function drawLit(brush, board, scene) {
  const { plan } = scene;
  const shown = new Set(scene.rows.map(({ machine }) => machine));
  const bars = board.mask ? plan.from.keys() : board.lit;
  for (const bar of bars) if (board.isLit(bar) && shown.has(plan.operations.machine[bar])) drawSpot(brush, scene, bar);
}

function drawLines(brush, board, { colours, view }) {
  brush.fillStyle = colours.css.line;
  for (const { at } of ticks(view, board.clock).lower) brush.fillRect(Math.round(toX(view, at)), 0, 1, board.height);
  brush.fillStyle = colours.css.muted;
  brush.fillRect(Math.round(toX(view, 0)), 0, 1, board.height);
}

function drawSelection(brush, board, scene) {
  const { plan } = board;
  if (board.chain) drawChain(brush, scene, board.chain);
  if (board.chain) for (const bar of board.chain.bars) drawRange(brush, scene, bar); // with a run
  if (board.order >= 0 && !isBlank(plan.orders.due[board.order])) {
    const finish = plan.orders.finish[board.order];
    drawDue(brush, scene, board.height, plan.orders.due[board.order], isBlank(finish) ? -Infinity : finish);
  }
  if (board.order >= 0) drawDates(brush, scene, board.height, board.order); // with a run
  const place = board.hover >= 0 && barPlace(plan, board.rowOfMachine, board.view, board.hover);
  if (place) outline(brush, place, board.offset, scene.colours.css.focus, 2);
  if (place) drawRange(brush, scene, board.hover); // with a run
}

/** Draw the axis above the board: days over hours, or months over days. */
export function drawAxis(layer, board, colours) {
  const { view, gutter, clock } = board;
  const brush = layer.begin(gutter + view.width, 36, colours.css.panel);
  const { lower, upper } = ticks(view, clock);
  brush.save();
  brush.beginPath();
  brush.rect(gutter, 0, view.width, 36);
  brush.clip();
  brush.translate(gutter, 0);
  brush.font = FONT;
  brush.textBaseline = "middle";
  drawTickRow(brush, view, upper, 10, colours.css.ink, colours.css.line);
  drawTickRow(brush, view, lower, 27, colours.css.muted, colours.css.line);
  brush.restore();
}

function drawTickRow(brush, view, marks, y, ink, line) {
  marks.forEach(({ at, label }, place) => {
    const x = toX(view, at);
    const end = place + 1 < marks.length ? toX(view, marks[place + 1].at) : Infinity;
    brush.fillStyle = line;
    brush.fillRect(Math.round(x), y - 8, 1, 17);
    brush.fillStyle = ink;
    // A label stays in view while its day or month does.
    const left = Math.max(x + 4, 4);
    if (left + brush.measureText(label).width <= end) brush.fillText(label, left, y);
  });
}

/** The folding buttons beside the headings of work centers. */
export function placeHeadings(holder, board) {
  const headings = board.shown().rows.filter(({ kind }) => kind === "center");
  while (holder.children.length > headings.length) holder.lastChild.remove();
  while (holder.children.length < headings.length) {
    const button = document.createElement("button");
    button.type = "button";
    holder.append(button);
  }
  headings.forEach((row, place) => {
    const button = holder.children[place];
    button.dataset.center = row.center;
    button.textContent = row.center || "Other machines";
    button.setAttribute("aria-expanded", String(!board.folded.has(row.center)));
    button.style.transform = `translateY(${row.top - board.offset}px)`;
    button.style.height = `${row.height}px`;
  });
}

