/** A few lines over the years, each labelled where it ends; no grid and no legend. Drawn for the width it gets, so that words keep their size. */

const SVG = "http://www.w3.org/2000/svg";
const HEIGHT = 240;
const TOP = 16;
const FOOT = 44;
const LETTER = 8; // as wide as a letter is at the most on average
const LABEL_LINE = 18;
const ROOM_FOR_WORDS = 60; // between two years, so that each can be named in full

/**
 * *lines* are {name, label, values}: name is its class, label the lines of words at its end, values one number a year.
 * *years* are {short, long}, one for each place; *startsAt* stands under the first.
 */
export function lineChart({ width, lines, years, startsAt, label }) {
  const labelWidth = LETTER * Math.max(...lines.flatMap((line) => line.label.map((words) => words.length)));
  const right = width - labelWidth - 12;
  const everything = lines.flatMap(({ values }) => values);
  const [low, high] = [Math.min(...everything), Math.max(...everything)];
  const x = (place) => 6 + (place * (right - 6)) / Math.max(1, years.length - 1);
  const y = (value) => TOP + ((high - value) / (high - low || 1)) * (HEIGHT - TOP - FOOT - 6);

  const drawing = shape("svg", { viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, role: "img", "aria-label": label });
  drawing.append(...foot({ years, startsAt, x, isWide: (right - 6) / Math.max(1, years.length - 1) >= ROOM_FOR_WORDS }));
  for (const line of lines) drawing.append(...drawn(line, x, y));
  const isWhole = ({ values }) => values.length === years.length;
  drawing.append(...ends(lines.filter(isWhole), x, y, right + 12));
  for (const line of lines) if (!isWhole(line)) drawing.append(...endBefore(line, x, y));
  return drawing;
}

function foot({ years, startsAt, x, isWide }) {
  const last = years.length - 1;
  const ground = HEIGHT - FOOT + 4;
  const isFree = (place) => place !== 1 || place === last || x(1) > LETTER * (years[0].long.length + 1);
  const named = years.map(({ short, long }, place) =>
    words(place === 0 || place === last || isWide ? long : isFree(place) ? short : "", {
      x: place === 0 ? 0 : x(place),
      y: HEIGHT - FOOT + 22,
      "text-anchor": place === 0 ? "start" : "middle",
    }),
  );
  return [
    shape("line", { x1: 0, x2: x(last), y1: ground, y2: ground }),
    ...named,
    words(startsAt, { x: 0, y: HEIGHT - FOOT + 40 }),
  ];
}

function drawn({ name, values }, x, y) {
  const points = values.map((value, place) => `${x(place).toFixed(1)} ${y(value).toFixed(1)}`);
  const path = shape("path", { class: name, d: `M${points.join("L")}` });
  const end = shape("circle", { class: name, cx: x(values.length - 1), cy: y(values[values.length - 1]), r: 5 });
  return [path, end];
}

/** The labels from the top down, moved apart where they would lie on one another. */
function ends(lines, x, y, right) {
  let free = 0;
  const inOrder = [...lines].sort((a, b) => last(b) - last(a));
  const tops = inOrder.map((line) => {
    const top = Math.max(free, y(last(line)) + 5 - LABEL_LINE);
    free = top + line.label.length * LABEL_LINE;
    return top;
  });
  const tooLow = Math.max(0, free - (HEIGHT - FOOT + 8));
  return inOrder.flatMap((line, i) =>
    line.label.map((said, row) => words(said, { class: line.name, x: right, y: Math.max(0, tops[i] - tooLow) + LABEL_LINE * (row + 1) })),
  );
}

/** A line that stops earlier has its label under its own end. */
function endBefore(line, x, y) {
  const place = { x: x(line.values.length - 1) - 5, y: y(last(line)) + LABEL_LINE + 4 };
  return line.label.map((said, row) => words(said, { class: line.name, x: place.x, y: place.y + LABEL_LINE * row }));
}

const last = ({ values }) => values[values.length - 1];

function words(said, attributes) {
  const made = shape("text", attributes);
  made.textContent = said;
  return made;
}

function shape(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}
