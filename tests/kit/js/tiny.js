/** A plan of six bars on three machines, written by hand. */

import { makePlan } from "../../../src/linewright/kit/report/static/plan.js";

const text = (...rows) => {
  const values = [...new Set(rows)];
  return { codes: Uint8Array.from(rows, (row) => values.indexOf(row)), values };
};

/**
 * Saw:  A/10 0-100, B/10 100-200 (waits for A/10 on the machine)
 * Oven: two lanes, A/20 100-300 and B/20 200-400
 * Mill: A/30 300-400 with setup 300-320, C/10 500-600 without an order
 * Order SO-1 is made by job A and is late, SO-2 by job B, which feeds on job C.
 */
export function tinyPlan() {
  const frames = {
    operations: {
      rows: 6,
      job: Int32Array.of(0, 1, 0, 1, 0, 2),
      step: Int32Array.of(10, 10, 20, 20, 30, 10),
      material: text("NUT", "BOLT", "NUT", "BOLT", "NUT", "ROD"),
      name: text("Sawing", "Sawing", "Heating", "Heating", "Milling", "Milling"),
      machine: Int32Array.of(0, 0, 1, 1, 2, 2),
      lane: Int32Array.of(0, 0, 0, 1, 0, 0),
      setup_start: Int32Array.of(0, 100, 100, 200, 300, 500),
      start: Int32Array.of(0, 100, 100, 200, 320, 500),
      end: Int32Array.of(100, 200, 300, 400, 400, 600),
      quantity: Float64Array.of(4, 5, 4, 5, 4, 1.5),
      setup_minutes: Float64Array.of(0, 0, 0, 0, 20, 0),
      changeover_minutes: Float64Array.of(0, 0, 0, 0, 5, 0),
      run_minutes: Float64Array.of(100, 100, 200, 200, 80, 100),
      people: { codes: Uint8Array.of(0, 0, 1, 1, 0, 0), values: [["Ana"], []] },
      setup_people: { codes: new Uint8Array(6), values: [[]] },
      load: text("", "", "load 1", "", "", ""),
      waits_for: text("nothing", "machine", "predecessor", "predecessor", "policy", "material"),
      waits_for_operation: Int32Array.of(-1, 0, 0, 1, 2, -1),
      waits_for_name: text("", "SAW-1", "", "", "full_load", "STEEL"),
      kwh: Float64Array.of(0, 0, 0, 0, 2.25, 0),
      pinned: Uint8Array.of(0, 0, 0, 0, 1, 0),
      order: Int32Array.of(0, 1, 0, 1, 0, -1),
    },
    machines: { rows: 3, machine: text("SAW-1", "OVEN", "MILL-1"), work_center: text("Saws", "Ovens", "Mills"), calendar: Int32Array.of(0, 1, 0) },
    jobs: { rows: 3, job: text("A", "B", "C"), work_order: text("A", "B", ""), order: Int32Array.of(0, 1, -1) },
    orders: {
      rows: 2, order: text("SO-1", "SO-2"), kind: text("order", "order"), customer: text("Kunz", "Hinz"),
      due: Int32Array.of(390, 900), finish: Int32Array.of(400, 600), late_days: Float64Array.of(4.24, 0),
      late_cost: Float64Array.of(1234.5, 0), last: Int32Array.of(4, 3), cause: text("waits", ""),
    },
    pegging: {
      rows: 3, consumer_kind: text("order", "order", "job"), consumer: Int32Array.of(0, 1, 1),
      supply_job: Int32Array.of(0, 1, 2), supply: text("", "", ""), supply_kind: text("job", "job", "job"),
    },
    closed: { rows: 1, calendar: Int32Array.of(0), begin: Int32Array.of(420), end: Int32Array.of(480) },
    days: { rows: 3, midnight: Int32Array.of(-3600, 300, 86700) },
    load: {
      rows: 6, busy: Float32Array.of(2, 0, 3, 1, 1, 30), late: Float32Array.of(1, 0, 3, 0, 0, 0),
      open: Float32Array.of(4, 0, 3, 2, 2, 24),
    },
  };
  const meta = {
    currency: "EUR", start: 1774238400, end: 600, offsets: [[-1e12, 3600]], used: { Saws: 0.5, Ovens: 0.8, Mills: 1.2 },
    causes: {
      nothing: ["starts at once", "starts at once", ""],
      machine: ["waits for its machine", "waits for machine {name}", ", busy with {operation}"],
      predecessor: ["waits for the step before", "waits for the step before", ": {operation}"],
      policy: ["is held back by a rule", "waits for {name}", " with {operation}"],
      material: ["waits for material", "waits for material {name}", ", made by {operation}"],
    },
    policies: { full_load: "a full load" },
  };
  return makePlan({ meta, frames });
}
