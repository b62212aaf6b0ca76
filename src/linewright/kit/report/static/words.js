/** Says in words what a bar is, when it happens and what it waits for. */

import { moment, span } from "./clock.js";
import { isBlank, valueAt } from "./columns.js";
import { chanceLine, rangeLine } from "./odds.js"; // with a run
import { machineName, operationName, orderName } from "./plan.js";

const number = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 2 });

export function amount(value) {
  return number.format(value);
}

/** "1 order", "1,200 orders". */
export function count(value, thing) {
  return `${amount(value)} ${thing}${value === 1 ? "" : "s"}`;
}

/** "20 min", "3 h 15 min". */
export function minutes(value) {
  const rounded = Math.round(value);
  if (value > 0 && rounded === 0) return `${Math.round(value * 60)} s`;
  if (rounded < 60) return `${rounded} min`;
  const rest = rounded % 60;
  return `${amount(Math.floor(rounded / 60))} h${rest ? ` ${rest} min` : ""}`;
}

/** "4.2 days", "5.0 h", "12 min". */
export function daysLate(days) {
  const hours = 24 * days;
  if (hours >= 48) return `${amount(Math.round(10 * days) / 10)} days`;
  return hours >= 1 ? `${hours.toFixed(1)} h` : `${Math.round(60 * hours)} min`;
}

export function money(value, currency) {
  return `${new Intl.NumberFormat("en-GB", { maximumFractionDigits: Math.abs(value) >= 100 ? 0 : 2 }).format(value)} ${currency}`;
}

/** "waits for machine M4, busy with WO-3/10". */
export function waitsFor(plan, bar) {
  const { operations, meta } = plan;
  const rule = valueAt(operations.waits_for, bar) || "nothing";
  const before = operations.waits_for_operation[bar];
  let name = valueAt(operations.waits_for_name, bar);
  if (rule === "policy" && name) name = meta.policies[name] ?? `the rule ${name}`;
  const [bare, named, blocked] = meta.causes[rule] ?? [`waits for ${rule}`, `waits for ${rule} {name}`, ", {operation}"];
  const first = name ? named.replace("{name}", name) : bare;
  return before >= 0 ? first + blocked.replace("{operation}", operationName(plan, before)) : first;
}

/** The lines of a bar's tooltip, the first being its title. */
export function barLines(plan, clock, bar) {
  const { operations } = plan;
  const [setup, changeover] = [operations.setup_minutes[bar], operations.changeover_minutes[bar]];
  const people = [...new Set([...valueAt(operations.setup_people, bar), ...valueAt(operations.people, bar)])];
  const order = orderName(plan, bar);
  const parts = [
    setup > 0 && `setup ${minutes(setup)}`,
    changeover > 0 && `changeover ${minutes(changeover)}`,
    `run ${minutes(operations.run_minutes[bar])}`,
  ];
  return [
    `${operationName(plan, bar)} ${valueAt(operations.name, bar)}`.trim(),
    `${valueAt(operations.material, bar)} × ${amount(operations.quantity[bar])}${order ? ` for ${order}` : ""}`,
    `${machineName(plan, operations.machine[bar])} · ${span(clock, plan.from[bar], plan.to[bar])}`,
    rangeLine(plan, clock, bar), // with a run
    parts.filter(Boolean).join(" · "),
    people.length ? `with ${people.join(", ")}` : "",
    valueAt(operations.load, bar) ? `in load ${valueAt(operations.load, bar)}` : "",
    waitsFor(plan, bar),
    operations.pinned[bar] ? "pinned" : "",
    operations.kwh[bar] > 0 ? `${amount(Math.round(10 * operations.kwh[bar]) / 10)} kWh` : "",
    chanceLine(plan, bar), // with a run
    lateness(plan, bar),
  ].filter(Boolean);
}

/** "SO-7 will be 4.2 days late", empty when it is in time. */
export function lateness(plan, bar) {
  const order = plan.operations.order[bar];
  return plan.late[bar] ? `${valueAt(plan.orders.order, order)} will be ${daysLate(plan.orders.late_days[order])} late` : "";
}

/** The date of an order in words. */
export function orderLine(plan, clock, order) {
  const { due, finish, late_days: late, late_cost: cost } = plan.orders;
  const planned = isBlank(finish[order]) ? "not planned" : `finished ${moment(clock, finish[order])}`;
  const dated = isBlank(due[order]) ? "no due date" : `due ${moment(clock, due[order])}`;
  const price = late[order] > 0 && cost[order] > 0 ? `, ${money(cost[order], plan.meta.currency)}` : "";
  return `${dated}, ${planned}${late[order] > 0 ? `: ${daysLate(late[order])} late${price}` : ""}`;
}
