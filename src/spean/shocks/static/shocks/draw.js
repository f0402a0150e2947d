// Draws an area on the map with mouse, finger or keys, and keeps it as GeoJSON in the form's field.
// The field says that it changed ("drawn"); the server then counts what lies inside.
const svg = document.querySelector("[data-spean-draw]");
const words = svg.dataset;
const field = document.getElementById("id_drawn");
const SVG = "http://www.w3.org/2000/svg";
const UNITS = 1000; // to a degree
const WHOLE = svg.viewBox.baseVal;
const whole = { x: WHOLE.x, y: WHOLE.y, width: WHOLE.width, height: WHOLE.height };
const area = svg.querySelector(".spean-map__area");
const marks = svg.querySelector(".spean-map__corners");
const aim = svg.querySelector(".spean-map__aim");
const said = document.getElementById("said");
let view = { ...whole };
let corners = read();
let past = [];

function read() {
  try {
    const ring = JSON.parse(field.value).coordinates[0].slice(0, -1);
    return ring.map(([longitude, latitude]) => placed(longitude, latitude));
  } catch {
    return [];
  }
}

function placed(longitude, latitude) {
  return { x: (longitude - words.west) * UNITS, y: (words.north - latitude) * UNITS };
}

function degrees({ x, y }) {
  return [Number(words.west) + x / UNITS, words.north - y / UNITS].map((n) => Number(n.toFixed(4)));
}

function geojson() {
  if (corners.length < 3) return "";
  const ring = [...corners, corners[0]].map(degrees);
  return JSON.stringify({ type: "Polygon", coordinates: [ring] });
}

// What can be undone is kept before each change; a drag is one change.
function remember() {
  past.push(corners.map((corner) => ({ ...corner })));
}

function changed() {
  show();
  const drawn = geojson();
  if (drawn === field.value) return;
  field.value = drawn;
  field.dispatchEvent(new Event("drawn", { bubbles: true }));
}

function show() {
  svg.setAttribute("viewBox", [view.x, view.y, view.width, view.height].join(" "));
  const unit = Math.max(view.width / svg.clientWidth, view.height / svg.clientHeight); // a pixel
  svg.style.setProperty("--unit", unit);
  area.setAttribute("points", corners.map(({ x, y }) => `${x},${y}`).join(" "));
  while (marks.children.length > corners.length) marks.lastChild.remove();
  while (marks.children.length < corners.length) marks.append(mark());
  corners.forEach((corner, n) => {
    const [halo, dot] = marks.children[n].children;
    for (const circle of [halo, dot]) {
      circle.setAttribute("cx", corner.x);
      circle.setAttribute("cy", corner.y);
    }
    halo.setAttribute("r", 18 * unit);
    dot.setAttribute("r", 7 * unit);
    const [longitude, latitude] = degrees(corner);
    marks.children[n].setAttribute("aria-label", `${words.corner} ${n + 1}: ${longitude}, ${latitude}`);
  });
  for (const button of document.querySelectorAll("[data-needs]")) {
    button.disabled = button.dataset.needs === "past" ? !past.length : !corners.length;
  }
}

function mark() {
  const group = document.createElementNS(SVG, "g");
  group.setAttribute("tabindex", "0");
  group.setAttribute("role", "button");
  for (const name of ["halo", "dot"]) {
    const circle = document.createElementNS(SVG, "circle");
    circle.setAttribute("class", `spean-map__${name}`);
    group.append(circle);
  }
  return group;
}

function within(point) {
  return {
    x: Math.min(Math.max(point.x, whole.x), whole.x + whole.width),
    y: Math.min(Math.max(point.y, whole.y), whole.y + whole.height),
  };
}

function at(event) {
  const point = new DOMPoint(event.clientX, event.clientY);
  return within(point.matrixTransform(svg.getScreenCTM().inverse()));
}

function add(point) {
  remember();
  corners.push(point);
  changed();
}

function zoom(factor, around = { x: view.x + view.width / 2, y: view.y + view.height / 2 }) {
  const width = Math.min(Math.max(view.width * factor, 60), whole.width);
  const part = width / view.width;
  move({
    x: around.x - (around.x - view.x) * part,
    y: around.y - (around.y - view.y) * part,
    width,
    height: view.height * part,
  });
}

function move(to) {
  view = {
    ...to,
    x: Math.min(Math.max(to.x, whole.x), whole.x + whole.width - to.width),
    y: Math.min(Math.max(to.y, whole.y), whole.y + whole.height - to.height),
  };
  show();
}

const acts = {
  undo() {
    if (!past.length) return;
    corners = past.pop();
    changed();
  },
  clear() {
    remember();
    corners = [];
    changed();
  },
  in: () => zoom(0.5),
  out: () => zoom(2),
  whole: () => move({ ...whole }),
};
for (const button of document.querySelectorAll("[data-act]")) {
  button.addEventListener("click", acts[button.dataset.act]);
}

// Fingers and mouse: a tap puts a corner, a drag moves a corner or the map, two fingers zoom.
const pointers = new Map();
let held = null;
let moved = false;
let pinched = 0;

svg.addEventListener("pointerdown", (event) => {
  svg.setPointerCapture(event.pointerId);
  pointers.set(event.pointerId, event);
  if (pointers.size > 1) {
    pinched = apart();
    moved = true;
    return;
  }
  const n = [...marks.children].indexOf(event.target.closest("[role=button]"));
  held = { n, from: at(event), x: event.clientX, y: event.clientY };
  moved = false;
});

svg.addEventListener("pointermove", (event) => {
  if (!pointers.has(event.pointerId)) return;
  pointers.set(event.pointerId, event);
  if (pointers.size > 1) {
    const [one, other] = [...pointers.values()];
    const middle = { clientX: (one.clientX + other.clientX) / 2, clientY: (one.clientY + other.clientY) / 2 };
    zoom(pinched / apart(), at(middle));
    pinched = apart();
    return;
  }
  if (!held) return;
  if (!moved && Math.hypot(event.clientX - held.x, event.clientY - held.y) < 6) return;
  if (!moved && held.n >= 0) remember();
  moved = true;
  const here = at(event);
  if (held.n >= 0) {
    corners[held.n] = here;
    show();
  } else {
    move({ ...view, x: view.x + held.from.x - here.x, y: view.y + held.from.y - here.y });
  }
});

for (const kind of ["pointerup", "pointercancel"]) {
  svg.addEventListener(kind, (event) => {
    pointers.delete(event.pointerId);
    if (pointers.size || !held) return;
    const { n, from } = held;
    held = null;
    if (moved && n >= 0) changed();
    else if (!moved && n >= 0) marks.children[n].focus();
    else if (!moved && kind === "pointerup") add(from);
  });
}

function apart() {
  const [one, other] = [...pointers.values()];
  return Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY) || 1;
}

svg.addEventListener("wheel", (event) => {
  if (!event.ctrlKey && document.activeElement !== svg) return; // the page scrolls
  event.preventDefault();
  zoom(event.deltaY > 0 ? 1.25 : 0.8, at(event));
}, { passive: false });

// Keys: arrows move the cross or the corner that has the focus, Enter puts one, Delete takes it off.
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
let cross = null;

function aimAt(point) {
  cross = within(point);
  const half = view.width / 30;
  aim.setAttribute("d", `M${cross.x - half} ${cross.y}h${2 * half}M${cross.x} ${cross.y - half}v${2 * half}`);
  if (cross.x < view.x || cross.x > view.x + view.width || cross.y < view.y || cross.y > view.y + view.height) {
    move({ ...view, x: cross.x - view.width / 2, y: cross.y - view.height / 2 });
  }
  said.textContent = degrees(cross).join(", ");
}

svg.addEventListener("keydown", (event) => {
  const n = [...marks.children].indexOf(document.activeElement);
  const step = STEPS[event.key];
  const middle = { x: view.x + view.width / 2, y: view.y + view.height / 2 };
  if (step) {
    const length = view.width / (event.shiftKey ? 200 : 40);
    const from = n >= 0 ? corners[n] : (cross ?? middle);
    const to = within({ x: from.x + step[0] * length, y: from.y + step[1] * length });
    if (n >= 0) {
      remember();
      corners[n] = to;
      changed();
      said.textContent = degrees(to).join(", ");
    } else aimAt(to);
  } else if ((event.key === "Enter" || event.key === " ") && n < 0) add(cross ?? middle);
  else if ((event.key === "Delete" || event.key === "Backspace") && n >= 0) {
    remember();
    corners.splice(n, 1);
    svg.focus();
    changed();
  } else if ((event.key === "Delete" || event.key === "Backspace") && n < 0) acts.undo();
  else if (event.key === "+" || event.key === "=") zoom(0.5, cross ?? middle);
  else if (event.key === "-") zoom(2, cross ?? middle);
  else return;
  event.preventDefault();
});

svg.addEventListener("focus", () => svg.matches(":focus-visible") && aimAt(cross ?? { x: view.x + view.width / 2, y: view.y + view.height / 2 }));
window.addEventListener("resize", show);
document.querySelector("[data-spean-drawing]").hidden = false;
show();
// What was refused is drawn again, and counted once htmx listens.
window.addEventListener("load", () => {
  if (field.value) field.dispatchEvent(new Event("drawn", { bubbles: true }));
});
