/** Joins the report: reads the data, makes the board, and connects it with the panel, the search and the keyboard. */

import { Board } from "./board.js";
import { chainOfBar, chainOfOrder, makeLinks } from "./chain.js";
import { makeClock } from "./clock.js";
import { decoded, unpacked, valueAt } from "./columns.js";
import { bindGestures } from "./gestures.js";
import { ROW, drawLoad, loadLines, makeLoad } from "./loadchart.js";
import { addListed } from "./listed.js"; // with a run
import { addLateOrders, bindTabs, showChain } from "./panel.js";
import { makePlan } from "./plan.js";
import { Layer, drawAxis, drawBoard, placeHeadings } from "./scene.js";
import { found, nextLit } from "./search.js";
import { bindPaper, bindTheme, readColours } from "./theme.js";
import { hideTip, showTip } from "./tip.js";
import { Twin, spoken } from "./twin.js";
import { barLines, count } from "./words.js";

const byId = (id) => document.getElementById(id);

/** Everything on the page that the parts below share. */
async function start() {
  const plan = makePlan(decoded(await unpacked(byId("data").textContent)));
  const clock = makeClock(plan.meta);
  const [scroller, surface] = [byId("rows"), byId("board")];
  const board = new Board(plan, clock, { scroller, content: byId("content"), stage: byId("stage") });
  const open = bindTabs(byId("tabs"), document.querySelectorAll(".panel"));
  const page = { plan, clock, board, surface, links: makeLinks(plan), open };
  bindDrawing(page);
  bindChoice(page);
  bindSearch(page);
  bindKeys(page);
  // The tests and a curious reader find the parts of the page here.
  window.linewright = page;
  document.documentElement.dataset.ready = "yes";
}

function bindDrawing(page) {
  const { board, surface, plan } = page;
  const layers = { board: new Layer(surface), axis: new Layer(byId("axis")), load: new Layer(byId("load")) };
  const [scroller, load] = [byId("load-rows"), makeLoad(plan)];
  byId("load-content").style.height = `${load.length * ROW}px`;
  let colours = readColours(layers.board.brush);
  bindTheme(byId("theme"), () => {
    colours = readColours(layers.board.brush);
    board.changed();
  });
  bindPaper((onPaper) => {
    board.onPaper = onPaper;
    colours = readColours(layers.board.brush);
    board.now();
  });
  board.watch(() => {
    drawAxis(layers.axis, board, colours);
    drawBoard(layers.board, board, colours);
    drawLoad(layers.load, board, load, scroller, colours);
    placeHeadings(byId("headings"), board);
  });
  scroller.addEventListener("scroll", () => board.changed());
  byId("load").addEventListener("pointermove", (event) => {
    const box = byId("load").getBoundingClientRect();
    const lines = loadLines(board, load, event.clientX - box.left - board.gutter, event.clientY - box.top + scroller.scrollTop);
    showTip(lines, event.clientX, event.clientY);
  });
  byId("load").addEventListener("pointerleave", hideTip);
  byId("headings").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) board.toggle(button.dataset.center);
  });
}

function bindChoice(page) {
  const { plan, clock, board, surface, links } = page;
  const tell = (bar, x, y) => {
    if (board.hover !== bar) Object.assign(board, { hover: bar }).changed();
    if (bar >= 0) showTip(barLines(plan, clock, bar), x, y, plan.late[bar] === 1);
    else hideTip();
  };
  page.choose = (bar, order = plan.operations.order[bar], whole = false) => {
    const chain = order >= 0 ? chainOfOrder(links, order) : chainOfBar(links, bar);
    board.show(chain, order, { whole });
    showChain(byId("chain"), links, clock, chain, order, bar, (each) => page.twin.go(each));
    page.open("chain");
    remember(order >= 0 ? valueAt(plan.orders.order, order) : "");
  };
  page.clear = () => {
    board.show(null, -1);
    remember("");
  };
  bindGestures(board, surface, {
    hovered: (bar, event) => tell(bar, event.clientX, event.clientY),
    chosen: (bar) => (bar >= 0 ? page.choose(bar) : page.clear()),
  });
  page.twin = new Twin(board, byId("twin"), {
    focused: (bar, box) => tell(bar, box?.left, box?.bottom),
    chosen: (bar) => {
      page.choose(bar);
      byId("said").textContent = spoken(plan, bar);
    },
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-order]");
    if (link) page.choose(plan.orders.last[Number(link.dataset.order)], Number(link.dataset.order), true);
    const more = event.target.closest("[data-more]");
    if (more) return addListed(byId("late-rows"), plan, clock, more); // with a run
    if (more) {
      addLateOrders(byId("late-rows"), plan, Number(more.dataset.more));
      more.remove();
    }
    const tab = event.target.closest("[data-open]");
    if (tab) page.open(tab.dataset.open, true);
  });
  openLinked(page);
}

/** Keep the chosen order in the address, so that it can be sent to somebody. */
function remember(order) {
  history.replaceState(null, "", order ? `#order=${encodeURIComponent(order)}` : "#");
}

function openLinked({ plan, choose, board }) {
  const name = decodeURIComponent(location.hash.match(/^#order=(.*)$/)?.[1] ?? "");
  const order = name ? plan.orders.order.values.indexOf(name) : -1;
  if (order < 0) return;
  // The board must know its size before it can frame the chain.
  board.resized();
  const row = plan.orders.order.codes.indexOf(order);
  choose(plan.orders.last[row], row, true);
}

function bindSearch({ plan, board, twin }) {
  const [box, told] = [byId("search"), byId("found")];
  let lit = null;
  const jump = (backwards) => {
    if (!lit?.count) return;
    const middle = board.found ?? (board.view.from + board.view.to) / 2;
    const bar = nextLit(plan, lit.mask, middle, backwards);
    board.found = plan.from[bar];
    board.reveal(bar);
    board.hover = bar;
  };
  box.addEventListener("input", () => {
    lit = found(plan, box.value);
    told.textContent = lit ? (lit.count ? count(lit.count, "operation") : "nothing found") : "";
    Object.assign(board, { found: undefined, hover: -1 });
    hideTip();
    board.light(lit?.mask ?? null);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") jump(event.shiftKey);
    if (event.key !== "Escape") return;
    box.value = "";
    box.dispatchEvent(new Event("input"));
    twin.grid.querySelector("[tabindex='0']")?.focus();
  });
  byId("next").addEventListener("click", () => jump(false));
  byId("previous").addEventListener("click", () => jump(true));
}

function bindKeys(page) {
  const { board } = page;
  const actions = {
    "+": () => board.zoom(1.5),
    "=": () => board.zoom(1.5),
    "-": () => board.zoom(1 / 1.5),
    0: () => board.fit(),
    "[": () => board.setRowHeight(board.rowHeight / 1.25),
    "]": () => board.setRowHeight(board.rowHeight * 1.25),
    "shift ArrowUp": () => board.pan(0, -0.4 * board.height),
    "shift ArrowDown": () => board.pan(0, 0.4 * board.height),
    Escape: () => page.clear(),
    "/": () => byId("search").focus(),
    "?": () => byId("help").togglePopover(),
    "shift ArrowLeft": () => board.pan(-0.2 * board.view.width),
    "shift ArrowRight": () => board.pan(0.2 * board.view.width),
  };
  document.addEventListener("keydown", (event) => {
    if (event.target.matches("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = event.shiftKey && event.key.startsWith("Arrow") ? `shift ${event.key}` : event.key;
    if (!actions[arrow]) return;
    event.preventDefault();
    actions[arrow]();
  });
  const buttons = { "zoom-in": "+", "zoom-out": "-", fit: "0" };
  for (const [id, key] of Object.entries(buttons)) byId(id).addEventListener("click", actions[key]);
}

start();
