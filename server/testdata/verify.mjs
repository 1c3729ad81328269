// usage: node verify.mjs SCRIPT KEY SEED CHANGES BUNDLE: prints the checks of the bundle that do not hold, and in how many of so many
// copies with one byte changed at random something wrong was found.
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";

const [script, key, seed, changes, file] = process.argv.slice(2);
const { verifyBundle } = await import(pathToFileURL(script));
const bundle = new Uint8Array(await readFile(file));
const checks = await verifyBundle(bundle, key);
let state = Number(seed) >>> 0;
const random = (below) => { // mulberry32
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), state | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) % below;
};
let found = 0;
const missed = [];
for (let i = 0; i < Number(changes); i++) {
  const at = random(bundle.length);
  const before = bundle[at];
  bundle[at] ^= 1 + random(255);
  const wrong = await verifyBundle(bundle, key);
  if (wrong.some((c) => c.holds === false)) found++;
  else missed.push({ at, before, after: bundle[at] });
  bundle[at] = before;
}
console.log(JSON.stringify({ checks, found, missed }));
