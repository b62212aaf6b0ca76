/** Colours of the page as the canvas needs them, in light and dark. */

const NAMES = [
  "paper", "panel", "ink", "muted", "line", "accent", "bar", "bar-ink", "late", "late-stripe", "late-ink", "setup",
  "setup-stripe", "closed", "outside", "overload", "focus",
];
const STEPS = 12;
NAMES.push("range", "range-tick"); // with a run

/** Read the page's colours: as CSS text, as pixels, and as striped patterns. */
export function readColours(context) {
  const probe = document.createElement("span");
  document.body.append(probe);
  const css = {};
  for (const name of NAMES) {
    probe.style.color = `var(--${name})`;
    css[name] = getComputedStyle(probe).color;
  }
  probe.remove();
  const colours = { css, pixels: pixelColours(css) };
  return {
    ...colours,
    lateStripes: stripes(context, css.late, css["late-stripe"]),
    setupStripes: stripes(context, css.setup, css["setup-stripe"]),
    overloadStripes: stripes(context, css.overload, css["late-stripe"]),
  };
}

function pixelColours(css) {
  const [paper, accent] = [parts(css.paper), parts(css.accent)];
  const mixed = (share) => paper.map((part, place) => Math.round(part + (accent[place] - part) * share));
  return {
    paper: pixel(paper), late: pixel(parts(css.late)), stripe: pixel(parts(css["late-stripe"])),
    bar: pixel(parts(css.bar)), setup: pixel(parts(css["setup-stripe"])), closed: pixel(parts(css.closed)),
    outside: pixel(parts(css.outside)), overload: pixel(parts(css.overload)),
    heat: Array.from({ length: STEPS }, (_, step) => pixel(mixed(0.14 + (0.86 * step) / (STEPS - 1)))),
  };
}

/** Red, green and blue of a computed colour such as "rgb(1, 2, 3)" or "color(srgb 0.1 0.2 0.3)". */
export function parts(text) {
  const numbers = text.match(/[\d.]+/g).slice(0, 3).map(Number);
  return text.startsWith("color(") ? numbers.map((number) => Math.round(255 * number)) : numbers;
}

/** A colour as one little-endian number of an image buffer. */
export function pixel([red, green, blue]) {
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** Diagonal stripes, so that a state is seen without its colour. */
function stripes(context, ground, line) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 6;
  const brush = tile.getContext("2d");
  brush.fillStyle = ground;
  brush.fillRect(0, 0, 6, 6);
  brush.strokeStyle = line;
  brush.lineWidth = 1.4;
  for (const shift of [-6, 0, 6]) {
    brush.beginPath();
    brush.moveTo(shift - 1, 7);
    brush.lineTo(shift + 7, -1);
    brush.stroke();
  }
  return context.createPattern(tile, "repeat");
}

/** Let a button go through the themes: as the system, light, dark. */
export function bindTheme(button, changed) {
  const themes = ["auto", "light", "dark"];
  const show = (theme) => {
    document.documentElement.dataset.theme = theme;
    button.textContent = { auto: "Theme: auto", light: "Theme: light", dark: "Theme: dark" }[theme];
    changed();
  };
  button.addEventListener("click", () => {
    show(themes[(themes.indexOf(document.documentElement.dataset.theme ?? "auto") + 1) % 3]);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
}

/** Before printing show the light colours, and afterwards those that were there; `printing` is told both. */
export function bindPaper(printing) {
  const page = document.documentElement.dataset;
  let theme = page.theme;
  addEventListener("beforeprint", () => {
    [theme, page.theme] = [page.theme, "light"];
    printing(true);
  });
  addEventListener("afterprint", () => {
    page.theme = theme;
    printing(false);
  });
}
