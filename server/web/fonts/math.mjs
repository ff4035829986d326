// Cuts the mathematical face down to what formulas of this syllabus are written with:
// the whole face is more than three times as large, and phones, which have none of
// their own, fetch it. Run as `node math.mjs <node_modules> <target file>`.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const RANGES = [
  [0x20, 0x7e],
  [0xa0, 0xff],
  [0x131, 0x131], // dotless i and j, under accents
  [0x237, 0x237],
  [0x2c6, 0x2dd], // accents
  [0x302, 0x338],
  [0x391, 0x3f5], // Greek
  [0x2016, 0x2044], // dots, primes, norms
  [0x2057, 0x2063],
  [0x20d0, 0x20ef],
  [0x2102, 0x2102], // double-struck and script letters outside their blocks
  [0x210b, 0x2115],
  [0x2119, 0x211d],
  [0x2124, 0x2124],
  [0x2190, 0x21d5], // arrows
  [0x2200, 0x22ff], // operators
  [0x2308, 0x230b], // floor, ceiling
  [0x239b, 0x23b7], // pieces of tall brackets
  [0x23dc, 0x23df], // braces above and below
  [0x25a0, 0x25cf],
  [0x27e6, 0x27ef], // angle brackets
  [0x2a7d, 0x2a7e],
  [0x1d400, 0x1d467], // bold, italic
  [0x1d49c, 0x1d4cf], // script
  [0x1d538, 0x1d56b], // double-struck
  [0x1d6a8, 0x1d755], // bold and italic Greek
  [0x1d7ce, 0x1d7d7], // bold digits
];

const [modules, target] = process.argv.slice(2);
const require = createRequire(join(resolve(modules), "here.js"));
const subset = require("subset-font");

let text = "";
for (const [from, to] of RANGES) {
  for (let point = from; point <= to; point++) text += String.fromCodePoint(point);
}
const face = "@fontsource/stix-two-math/files/stix-two-math-latin-400-normal.woff2";
const whole = readFileSync(join(modules, face));
writeFileSync(target, await subset(whole, text, { targetFormat: "woff2" }));
