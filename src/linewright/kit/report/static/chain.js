/** Follows an order through its jobs and steps, and back to what kept it waiting. */

import { valueAt } from "./columns.js";
import { jobName } from "./plan.js";

/** How many waits are followed back beyond the order's own steps. */
const LONGEST = 60;

/** Tables for looking up: bars by job, jobs by order, supplies by consumer. Made once for each plan. */
export function makeLinks(plan) {
  const links = { plan, barsOfJob: new Map(), jobsOfOrder: new Map(), supplies: new Map(), jobByName: new Map() };
  for (let job = 0; job < plan.jobs.rows; job++) {
    push(links.jobsOfOrder, plan.jobs.order[job], job);
    links.jobByName.set(valueAt(plan.jobs.work_order, job) || jobName(plan, job), job);
  }
  for (let bar = 0; bar < plan.count; bar++) push(links.barsOfJob, plan.operations.job[bar], bar);
  for (let row = 0; row < plan.pegging.rows; row++) {
    push(links.supplies, `${valueAt(plan.pegging.consumer_kind, row)} ${plan.pegging.consumer[row]}`, row);
  }
  return links;
}

function push(map, key, value) {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** The jobs that an order needs, through every level of its parts. */
export function jobsOf(links, order) {
  const { plan } = links;
  const jobs = new Set(links.jobsOfOrder.get(order) ?? []);
  // A work order with a date of its own is an order and a job.
  const own = valueAt(plan.orders.kind, order) === "order" ? undefined : links.jobByName.get(valueAt(plan.orders.order, order));
  if (own !== undefined) jobs.add(own);
  const open = [`order ${order}`, ...[...jobs].map((job) => `job ${job}`)];
  while (open.length) {
    for (const row of links.supplies.get(open.pop()) ?? []) {
      const job = plan.pegging.supply_job[row];
      if (job < 0 || jobs.has(job)) continue;
      jobs.add(job);
      open.push(`job ${job}`);
    }
  }
  return jobs;
}

/** The bars of an order (by time), the bars back from its last one along what each waited for, and all links. */
export function chainOfOrder(links, order) {
  const bars = [...jobsOf(links, order)].flatMap((job) => links.barsOfJob.get(job) ?? []);
  const last = links.plan.orders.last[order];
  return chainOf(links.plan, bars, last >= 0 ? last : latest(links.plan, bars));
}

/** The chain of a bar that is for no order: its own job. */
export function chainOfBar(links, bar) {
  return chainOf(links.plan, links.barsOfJob.get(links.plan.operations.job[bar]), bar);
}

function chainOf(plan, bars, last) {
  const sorted = [...bars].sort((a, b) => plan.from[a] - plan.from[b] || a - b);
  const back = waits(plan, last);
  const own = new Set(sorted);
  const arrows = new Set();
  for (const bar of [...sorted, ...back]) {
    const before = plan.operations.waits_for_operation[bar];
    if (before >= 0 && (own.has(before) || back.includes(before))) arrows.add(`${before} ${bar}`);
  }
  for (const [before, bar] of steps(plan, sorted)) arrows.add(`${before} ${bar}`);
  return { bars: sorted, back, arrows: [...arrows].map((arrow) => arrow.split(" ").map(Number)) };
}

/** From a bar back along what each waited for. */
export function waits(plan, bar) {
  const back = [];
  const seen = new Set();
  while (bar >= 0 && !seen.has(bar) && back.length < LONGEST) {
    seen.add(bar);
    back.push(bar);
    bar = plan.operations.waits_for_operation[bar];
  }
  return back;
}

/** Neighbouring steps of the same job. */
function steps(plan, bars) {
  const { job, step } = plan.operations;
  const ordered = [...bars].sort((a, b) => job[a] - job[b] || step[a] - step[b]);
  return ordered.slice(1).map((bar, place) => [ordered[place], bar]).filter(([a, b]) => job[a] === job[b]);
}

function latest(plan, bars) {
  return bars.reduce((best, bar) => (best < 0 || plan.to[bar] > plan.to[best] ? bar : best), -1);
}
