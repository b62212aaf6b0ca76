/** Lights the bars whose order, material, machine, work center or step a person names. */

/**
 * Find the bars that match every word of a text: `{mask, count}` with one byte for each bar, or null for no text.
 * Distinct names are compared once, so that a hundred thousand bars take a few milliseconds.
 */
export function found(plan, text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return null;
  const mask = new Uint8Array(plan.count).fill(1);
  for (const word of words) keepMatching(plan, word, mask);
  return { mask, count: mask.reduce((sum, lit) => sum + lit, 0) };
}

function keepMatching(plan, word, mask) {
  const { operations, machines, orders } = plan;
  const [material, name, load] = ["material", "name", "load"].map((column) => hits(operations[column], word));
  const job = hits(plan.jobs.job, word);
  const [machine, center] = [hits(machines.machine, word), hits(machines.work_center, word)];
  const [order, customer] = [hits(orders.order, word), hits(orders.customer, word)];
  for (let bar = 0; bar < plan.count; bar++) {
    if (!mask[bar]) continue;
    const [at, of] = [operations.machine[bar], operations.order[bar]];
    const lit = job(operations.job[bar]) || material(bar) || name(bar) || load(bar) || machine(at) || center(at)
      || (of >= 0 && (order(of) || customer(of)));
    if (!lit) mask[bar] = 0;
  }
}

/** Whether the value of a row contains a word. */
function hits(column, word) {
  const matching = Uint8Array.from(column.values, (value) => (value.toLowerCase().includes(word) ? 1 : 0));
  return (row) => matching[column.codes[row]] === 1;
}

/** The lit bar that begins next after (or, backwards, before) a moment; -1 when nothing is lit. */
export function nextLit(plan, mask, second, backwards = false) {
  let [best, around] = [-1, -1];
  const earlier = (a, b) => b < 0 || (backwards ? plan.from[a] > plan.from[b] : plan.from[a] < plan.from[b]);
  for (let bar = 0; bar < plan.count; bar++) {
    if (!mask[bar]) continue;
    const ahead = backwards ? plan.from[bar] < second : plan.from[bar] > second;
    if (ahead && earlier(bar, best)) best = bar;
    if (earlier(bar, around)) around = bar;
  }
  return best >= 0 ? best : around;
}
