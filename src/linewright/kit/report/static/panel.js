/** The panel beside the board: tabs, and the chain of the order that is chosen. */

import { moment, span } from "./clock.js";
import { isBlank, valueAt } from "./columns.js";
import { jobsOf } from "./chain.js";
import { oddsLine } from "./odds.js"; // with a run
import { jobName, machineName, operationName } from "./plan.js";
import { amount, daysLate, orderLine, waitsFor } from "./words.js";

/** Make tabs of the panel's sections, and give a function that opens one by its name. */
export function bindTabs(list, panels) {
  const tabs = [...list.querySelectorAll("[role=tab]")];
  const open = (name, focus = false) => {
    for (const tab of tabs) {
      const chosen = tab.dataset.panel === name;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      if (chosen && focus) tab.focus();
    }
    for (const panel of panels) panel.classList.toggle("closed", panel.id !== name);
  };
  list.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (tab) open(tab.dataset.panel);
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    const now = tabs.findIndex((tab) => tab.getAttribute("aria-selected") === "true");
    open(tabs[(now + step + tabs.length) % tabs.length].dataset.panel, true);
  });
  open(tabs[0].dataset.panel);
  return open;
}

/** Fill the panel with an order (or a job without one): its dates, what it waited for, its steps and materials. */
export function showChain(panel, links, clock, chain, order, bar, go) {
  const { plan } = links;
  const named = order >= 0;
  const title = named ? `Order ${valueAt(plan.orders.order, order)}` : `Job ${jobName(plan, plan.operations.job[bar])}`;
  const late = named && plan.orders.late_days[order] > 0;
  panel.replaceChildren(
    make("h2", title),
    make("p", named ? orderLine(plan, clock, order) : "It serves no order with a date.", late ? "late" : ""),
    ...(named ? [make("p", oddsLine(plan, clock, order))] : []), // with a run
    ...(named && valueAt(plan.orders.cause, order) ? [make("p", `Nearest cause: ${valueAt(plan.orders.cause, order)}.`)] : []),
    ...section("Back from its finish", chain.back.map((each) => step(plan, clock, each, go, waitsFor(plan, each), chain))),
    ...section("All its steps", chain.bars.map((each) => step(plan, clock, each, go, "", chain))),
    ...section("Its materials", named ? materials(links, clock, order) : []),
  );
}

function section(title, items) {
  if (!items.length) return [];
  const list = make("ol", "", "steps");
  list.append(...items);
  return [make("h3", title), list];
}

function step(plan, clock, bar, go, words, chain) {
  const item = make("li");
  const button = make("button", `${operationName(plan, bar)} ${valueAt(plan.operations.name, bar)}`.trim());
  button.type = "button";
  button.addEventListener("click", () => go(bar));
  const foreign = !chain.bars.includes(bar) ? " · another order" : "";
  const when = `${machineName(plan, plan.operations.machine[bar])} · ${span(clock, plan.from[bar], plan.to[bar])}${foreign}`;
  item.append(button, make("span", when, "quiet"));
  if (words) item.append(make("span", words, "words"));
  return item;
}

function materials(links, clock, order) {
  const { plan } = links;
  const jobs = [...jobsOf(links, order)].map((job) => `job ${job}`);
  const rows = [`order ${order}`, ...jobs].flatMap((key) => links.supplies.get(key) ?? []);
  const bought = rows.filter((row) => plan.pegging.supply_job[row] < 0);
  return bought.slice(0, 200).map((row) => {
    const item = make("li");
    const kind = valueAt(plan.pegging.supply_kind, row).replace("_", " ");
    const there = plan.pegging.available[row];
    const when = isBlank(there) || there <= 0 ? "there now" : `there ${moment(clock, there)}`;
    item.append(
      make("span", `${valueAt(plan.pegging.material, row)} × ${amount(plan.pegging.quantity[row])}`),
      make("span", `${kind} ${valueAt(plan.pegging.supply, row)} · ${when}`, "quiet"),
    );
    return item;
  });
}

/** Add the late orders that the page itself does not list. */
export function addLateOrders(body, plan, from) {
  const { orders } = plan;
  const late = [...orders.late_days.keys()].filter((order) => orders.late_days[order] > 0);
  late.sort((a, b) => orders.late_cost[b] - orders.late_cost[a] || orders.late_days[b] - orders.late_days[a]
    || (valueAt(orders.order, a) < valueAt(orders.order, b) ? -1 : 1));
  for (const order of late.slice(from)) {
    const row = make("tr");
    const name = make("td");
    const button = make("button", valueAt(orders.order, order));
    button.type = "button";
    button.dataset.order = String(order);
    name.append(button, make("span", valueAt(orders.cause, order), "quiet"));
    const [late, cost] = [daysLate(orders.late_days[order]), amount(Math.round(orders.late_cost[order]))];
    row.append(name, make("td", late, "number late"), make("td", cost, "number"));
    body.append(row);
  }
}

export function make(tag, text = "", style = "") {
  const element = document.createElement(tag);
  if (text) element.textContent = text;
  if (style) element.className = style;
  return element;
}
