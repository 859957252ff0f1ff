"use strict";
// The pages are whole without this: it only lets what moves move by itself.
for (const place of document.querySelectorAll("[data-live]")) {
  let shown = "";
  const stops = () => [...place.querySelectorAll("a, summary")];
  new EventSource(place.dataset.live).addEventListener("moved", (event) => {
    if (event.data === shown) return;
    const first = shown === "";
    shown = event.data;
    const folds = [...place.querySelectorAll("details")].map((each) => each.open);
    const focused = stops().indexOf(document.activeElement);
    place.innerHTML = event.data;
    place.querySelectorAll("details").forEach((each, number) => { each.open = folds[number] ?? each.open; });
    stops()[focused]?.focus({ preventScroll: true });
    if (!first) place.dataset.moved = String(Number(place.dataset.moved ?? 0) + 1);
  });
}
