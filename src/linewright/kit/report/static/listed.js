/** Adds the orders to the list of odds that the page itself does not hold. */

import { day, timeOfDay } from "./clock.js";
import { isBlank, valueAt } from "./columns.js";
import { dateOf, listed, percent, rangeOfShare } from "./odds.js";
import { make } from "./panel.js";
import { daysLate, money } from "./words.js";

/** Add all orders after those that are there, and take the button away that asked for them. */
export function addListed(body, plan, clock, more) {
  for (const order of listed(plan).slice(Number(more.dataset.more))) body.append(...rowsOf(plan, clock, order));
  more.remove();
}

function rowsOf(plan, clock, order) {
  const { orders, meta } = plan;
  const late = orders.late_days[order] > 0;
  const notes = [
    late && `${daysLate(orders.late_days[order])} late, ${valueAt(orders.cause, order)}`,
    orders.expected_cost[order] > 0 && `expected cost ${money(orders.expected_cost[order], meta.currency)}`,
  ].filter(Boolean);
  const row = make("tr", "", notes.length ? "noted" : "");
  const name = make("td");
  const button = make("button", valueAt(orders.order, order));
  button.type = "button";
  button.dataset.order = String(order);
  name.append(button);
  row.append(
    name, date(clock, orders.due[order]), date(clock, orders.finish[order], late ? "late" : ""), odds(plan, order),
    date(clock, dateOf(plan, "p80", order)),
  );
  if (!notes.length) return [row];
  const note = make("tr", "", "note");
  const told = make("td", notes.join(" · "));
  told.colSpan = 5;
  note.append(told);
  return [row, note];
}

function date(clock, second, style = "") {
  if (isBlank(second)) return make("td", "–");
  const cell = make("td", day(clock, second).slice(4), style);
  cell.append(make("small", timeOfDay(clock, second)));
  return cell;
}

function odds(plan, order) {
  const [share, range] = [plan.orders.on_time[order], rangeOfShare(plan, order)];
  if (isBlank(share)) return make("td", "–");
  const cell = make("td", percent(share));
  if (!range) return cell;
  cell.title = `With 95 % confidence ${range} %`;
  cell.append(make("small", range));
  return cell;
}
