/** Wheel, drag, pinch and pointer on the board. */

import { barAt } from "./pick.js";

const CLICK = 4;

/** Bind the pointer to the board: `hovered(bar, event)` and `chosen(bar)` are called with bars, -1 for none. */
export function bindGestures(board, surface, { hovered, chosen }) {
  const pointers = new Map();
  let moved = 0;
  const at = (event) => {
    const box = surface.getBoundingClientRect();
    return { x: event.clientX - box.left - board.gutter, y: event.clientY - box.top };
  };
  const barUnder = (event) => {
    const { x, y } = at(event);
    if (x < 0 || board.shown().level === "heat") return -1;
    return barAt(board.plan, board.layout.rows, board.view, x, y + board.offset);
  };

  surface.addEventListener("wheel", (event) => wheel(board, event, at(event)), { passive: false });
  surface.addEventListener("dblclick", (event) => board.zoom(3, at(event).x, at(event).y));
  surface.addEventListener("pointerdown", (event) => {
    if (event.button > 0) return;
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    moved = pointers.size > 1 ? Infinity : 0;
  });
  surface.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return hovered(barUnder(event), event);
    const now = { x: event.clientX, y: event.clientY };
    moved += Math.abs(now.x - before.x) + Math.abs(now.y - before.y);
    if (moved < CLICK) return;
    surface.setPointerCapture(event.pointerId);
    surface.classList.add("dragging");
    if (pointers.size === 2) pinch(board, pointers, event, now, at);
    else board.pan(before.x - now.x, event.pointerType === "touch" ? 0 : before.y - now.y);
    pointers.set(event.pointerId, now);
  });
  const release = (event) => {
    if (pointers.delete(event.pointerId) && moved < CLICK && event.type === "pointerup") chosen(barUnder(event));
    if (!pointers.size) surface.classList.remove("dragging");
  };
  surface.addEventListener("pointerup", release);
  surface.addEventListener("pointercancel", release);
  surface.addEventListener("pointerleave", (event) => hovered(-1, event));
}

/** The wheel zooms; with Shift or sideways it moves in time, with Alt it changes the height of rows. */
function wheel(board, event, { x, y }) {
  // Beside the plot the wheel scrolls the rows.
  if (x < 0) return;
  event.preventDefault();
  const pixels = event.deltaMode === 1 ? 16 : 1;
  if (event.altKey) board.setRowHeight(board.rowHeight * Math.exp(-0.002 * pixels * event.deltaY), y);
  else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) board.pan(pixels * (event.deltaX || event.deltaY));
  else board.zoom(Math.exp(-(event.ctrlKey ? 0.01 : 0.002) * pixels * event.deltaY), x, y);
}

function pinch(board, pointers, event, now, at) {
  const [other] = [...pointers].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
  const before = pointers.get(event.pointerId);
  const distance = (a, b) => Math.max(12, Math.hypot(a.x - b.x, a.y - b.y));
  const middle = at({ clientX: (now.x + other.x) / 2, clientY: (now.y + other.y) / 2 });
  board.zoom(distance(now, other) / distance(before, other), middle.x, middle.y);
  board.pan((before.x - now.x) / 2);
}
