/** A QR code as SVG, drawn node by node; dark on white in both colour schemes, for cameras want it so. */

import encodeQR from "qr";

const SVG = "http://www.w3.org/2000/svg";
const QUIET = 4;

/** A text as an SVG element of square modules with the quiet zone the standard asks for. */
export function qrSvg(value, label) {
  const modules = encodeQR(value, "raw", { border: QUIET });
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", `0 0 ${modules.length} ${modules.length}`);
  drawing.setAttribute("shape-rendering", "crispEdges");
  drawing.setAttribute("role", "img");
  drawing.setAttribute("aria-label", label);
  drawing.append(shape("rect", { width: "100%", height: "100%", fill: "#fff" }));
  drawing.append(shape("path", { d: outline(modules), fill: "#000" }));
  return drawing;
}

function outline(modules) {
  return modules
    .flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : "")))
    .join("");
}

function shape(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
