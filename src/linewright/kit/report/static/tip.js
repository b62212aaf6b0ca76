/** The small window beside the pointer. */

const tip = () => document.getElementById("tip");

/** Show lines beside a point of the page, inside the window; no lines hide it. */
export function showTip(lines, x, y, late = false) {
  const box = tip();
  box.hidden = !lines.length;
  if (!lines.length) return;
  box.replaceChildren(...lines.map((line, place) => {
    const element = document.createElement(place ? "span" : "strong");
    element.textContent = line;
    return element;
  }));
  box.classList.toggle("is-late", late);
  const { width, height } = box.getBoundingClientRect();
  const left = Math.max(4, Math.min(x + 14, innerWidth - width - 8));
  const top = y + 16 + height > innerHeight ? y - height - 10 : y + 16;
  box.style.transform = `translate(${left}px, ${Math.max(4, top)}px)`;
}

export function hideTip() {
  tip().hidden = true;
}
