/** A grid that mirrors the drawn bars, so that the keyboard and a screen reader reach every one of them. */

import { barPlace, nearestOfTrack, neighbour } from "./pick.js";
import { barsBetween, machineName, operationName } from "./plan.js";
import { barLines, count } from "./words.js";

const MOST_CELLS = 400;
const WAYS = {
  ArrowLeft: "left", ArrowRight: "right", ArrowUp: "up", ArrowDown: "down", Home: "first", End: "last",
};

export class Twin {
  /** `focused(bar, box)` is called with the bar that has the focus, `chosen(bar)` with the one that Enter chose. */
  constructor(board, grid, { focused, chosen }) {
    Object.assign(this, { board, grid, focused, chosen, cells: new Map(), current: "" });
    grid.addEventListener("keydown", (event) => this.key(event));
    grid.addEventListener("focusin", (event) => this.entered(event.target));
    grid.addEventListener("focusout", () => focused(-1));
    board.watch(() => this.later());
  }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.update(), 120);
  }

  /** Make the cells that belong to what is drawn. When only their places have changed, they just move. */
  update(focus = this.grid.contains(document.activeElement)) {
    const { rows, bars, level } = this.board.shown();
    const single = level === "bars" && bars <= MOST_CELLS;
    const before = this.cells;
    this.cells = new Map();
    const lines = rows.filter(({ kind }) => kind === "machine").map((row) => {
      return { row, cells: single ? this.barCells(row, before) : [this.summary(row, before)] };
    });
    const keys = [...this.cells.keys()].join() + lines.map(({ row }) => row.machine).join();
    if (keys !== this.keys) this.grid.replaceChildren(...lines.map(({ row, cells }) => this.row(row, cells)));
    this.keys = keys;
    this.grid.setAttribute("aria-rowcount", String(this.board.plan.machines.rows));
    if (!this.cells.has(this.current)) this.current = this.cells.keys().next().value ?? "";
    this.cells.get(this.current)?.setAttribute("tabindex", "0");
    if (focus) this.cells.get(this.current)?.focus({ preventScroll: true });
  }

  row({ machine }, cells) {
    const element = make("div", "row");
    element.setAttribute("aria-rowindex", String(machine + 1));
    const header = make("span", "rowheader");
    header.textContent = machineName(this.board.plan, machine);
    element.append(header, ...cells);
    return element;
  }

  barCells(row, before) {
    const { plan, view } = this.board;
    const cells = [];
    for (let lane = 0; lane < row.lanes; lane++) {
      const [first, last] = barsBetween(plan, plan.firstTrack[row.machine] + lane, view.from, view.to);
      for (let bar = first; bar < last; bar++) {
        const cell = this.cell(`bar ${bar}`, before, () => barLines(plan, this.board.clock, bar).join(", "));
        this.place(cell, barPlace(plan, this.board.rowOfMachine, view, bar));
        cells.push(cell);
      }
    }
    return cells;
  }

  summary(row, before) {
    const { plan, view } = this.board;
    const cell = this.cell(`row ${row.machine}`, before, () => "");
    let [bars, late] = [0, 0];
    for (let lane = 0; lane < row.lanes; lane++) {
      const [first, last] = barsBetween(plan, plan.firstTrack[row.machine] + lane, view.from, view.to);
      bars += last - first;
      for (let bar = first; bar < last; bar++) late += plan.late[bar];
    }
    cell.setAttribute("aria-label", `${count(bars, "operation")} in view, ${late} for late orders. Enter zooms in.`);
    this.place(cell, { x: 0, y: row.top, width: view.width, height: row.height });
    return cell;
  }

  cell(key, before, told) {
    const kept = before.get(key);
    const cell = kept ?? make("div", "gridcell");
    if (!kept) {
      cell.dataset.key = key;
      cell.setAttribute("aria-label", told());
    }
    cell.tabIndex = key === this.current ? 0 : -1;
    this.cells.set(key, cell);
    return cell;
  }

  place(cell, { x, y, width, height }) {
    const left = Math.max(0, x);
    const right = Math.min(this.board.view.width, x + width);
    Object.assign(cell.style, {
      transform: `translate(${left}px, ${y - this.board.offset}px)`,
      width: `${Math.max(2, right - left)}px`,
      height: `${height}px`,
    });
  }

  entered(cell) {
    const key = cell.dataset.key ?? "";
    this.cells.get(this.current)?.setAttribute("tabindex", "-1");
    this.current = key;
    cell.tabIndex = 0;
    this.focused(key.startsWith("bar ") ? Number(key.slice(4)) : -1, cell.getBoundingClientRect());
  }

  key(event) {
    const [kind, text] = this.current.split(" ");
    if (event.shiftKey || event.ctrlKey || event.metaKey) return;
    const number = Number(text);
    const handled = kind === "bar" ? this.barKey(event.key, number) : this.rowKey(event.key, number);
    if (!handled) return;
    event.preventDefault();
    event.stopPropagation();
  }

  barKey(key, bar) {
    if (key === "Enter" || key === " ") {
      this.chosen(bar);
      return true;
    }
    if (!WAYS[key]) return false;
    const shown = (other) => this.board.rowOfMachine.has(this.board.plan.operations.machine[other]);
    this.go(neighbour(this.board.plan, bar, WAYS[key], shown));
    return true;
  }

  rowKey(key, machine) {
    const { plan, view } = this.board;
    if (key === "Enter" || key === " ") {
      this.go(nearestOfTrack(plan, plan.firstTrack[machine], (view.from + view.to) / 2));
      return true;
    }
    if (key !== "ArrowUp" && key !== "ArrowDown") return false;
    const keys = [...this.cells.keys()];
    const next = this.cells.get(keys[keys.indexOf(this.current) + (key === "ArrowUp" ? -1 : 1)]);
    if (next) next.focus({ preventScroll: true });
    else this.board.pan(0, key === "ArrowUp" ? -80 : 80);
    return true;
  }

  /** Move the focus to a bar, wherever on the board it is. */
  go(bar) {
    if (bar < 0) return;
    this.board.reveal(bar);
    this.current = `bar ${bar}`;
    this.update(true);
  }
}

function make(tag, role) {
  const element = document.createElement(tag);
  element.setAttribute("role", role);
  return element;
}

/** The name that a message tells when a bar is chosen. */
export function spoken(plan, bar) {
  return `The chain of ${operationName(plan, bar)} is shown.`;
}
