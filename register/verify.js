// Checks a bundle (docs: notary/bundle.go) as `concordat verify` does, from its bytes alone, with WebCrypto. It is served
// with the page that it works on, and is a module that anybody may read and import.

const encoder = new TextEncoder();
const subtle = globalThis.crypto.subtle;

// canonical writes a value as RFC 8785 does, whose strings and numbers are those of ECMAScript.
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
}

const sha256 = async (bytes) => new Uint8Array(await subtle.digest("SHA-256", bytes));
const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
const digestOf = async (value) => `sha256:${hex(await sha256(encoder.encode(canonical(value))))}`;
const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);

function joined(...parts) {
  const all = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  parts.reduce((at, p) => (all.set(p, at), at + p.length), 0);
  return all;
}

function fail(why) {
  throw new Error(why);
}

// bytesOf reads base64 in the one spelling that is written.
function bytesOf(text) {
  let binary;
  try {
    binary = atob(text);
  } catch {
    fail("base64 is malformed");
  }
  if (btoa(binary) !== text) fail("it is not in the base64 that is written");
  return Uint8Array.from(binary, (c) => c.charCodeAt(0));
}

// The members of a bundle, and of its parts: those that must be there, and those that may.
const forms = {
  bundle: [["schema", "ballot", "subject", "charter", "findings", "electors", "positions", "record", "result", "acts", "checkpoint", "key", "seal"],
    ["notices", "comments", "publication", "signatures", "witnesses", "timestamps"]],
  ballot: [["id", "kind", "council", "digest", "secrecy", "openedAt", "closesAt", "closedAt", "outcome"], []],
  seal: [["parts", "note"], []],
  electors: [["organization", "chamber", "name"], ["groups", "weight", "entry"]],
  positions: [["id", "organization", "number", "position", "takenAt"], ["texts"]],
  acts: [["leaf", "act", "proof"], ["texts"]],
  notices: [["organization", "toldAt"], []],
  signatures: [["object", "id", "credential", "publicKey"], ["revokedAt", "keyRevokedFrom"]],
  comments: [["id", "kind", "path", "objection", "late", "at"], ["organization", "name"]],
};

function checkForm(name, value) {
  const [must, may] = forms[name];
  if (value === null || typeof value !== "object" || Array.isArray(value)) fail(`${name} is no object`);
  for (const member of must) if (!(member in value)) fail(`${name} has no ${member}`);
  for (const member of Object.keys(value)) if (!must.includes(member) && !may.includes(member)) fail(`${name} has a member ${member} that is not known`);
}

// readBundle reads the form strictly: canonical bytes, known members.
function readBundle(bytes) {
  let bundle, written;
  try {
    bundle = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
    written = encoder.encode(canonical(bundle));
  } catch (error) {
    fail(`it is not JSON: ${error.message}`);
  }
  if (!same(written, bytes)) fail("its bytes are not canonical JSON (RFC 8785): it has been written again or changed");
  checkForm("bundle", bundle);
  checkForm("ballot", bundle.ballot);
  checkForm("seal", bundle.seal);
  for (const list of ["electors", "positions", "acts", "notices", "comments", "signatures"]) {
    if (list in bundle && !Array.isArray(bundle[list])) fail(`${list} is no list`);
    for (const one of bundle[list] ?? []) checkForm(list, one);
  }
  if (bundle.schema !== "concordat/bundle/1") fail(`it is ${bundle.schema}, not concordat/bundle/1`);
  return bundle;
}

// readKey reads a log's key, "name+hash+key".
async function readKey(text) {
  const match = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text) ?? fail("a log's key looks like name+hash+key");
  const [, name, hash, encoded] = match;
  const key = bytesOf(encoded);
  const sum = await sha256(joined(encoder.encode(`${name}\n`), key));
  if (key.length !== 33 || key[0] !== 1 || hex(sum.slice(0, 4)) !== hash) fail("the log's key does not fit its hash");
  return { name, hash: sum.slice(0, 4), raw: key.slice(1) };
}

class NoEd25519 extends Error {}

// openNote answers the text of a signed note, once the key's signature over it holds.
async function openNote(note, key) {
  const at = note.lastIndexOf("\n\n");
  if (at < 0 || !note.endsWith("\n")) fail("it has no signature");
  const text = note.slice(0, at + 1);
  let signature;
  for (const line of note.slice(at + 2, -1).split("\n")) {
    const match = /^— (\S+) (\S+)$/.exec(line) ?? fail("a signature is malformed");
    const bytes = bytesOf(match[2]);
    if (match[1] === key.name && same(bytes.slice(0, 4), key.hash)) signature = bytes.slice(4);
  }
  if (!signature) fail(`it is not signed by ${key.name}`);
  let imported;
  try {
    imported = await subtle.importKey("raw", key.raw, { name: "Ed25519" }, false, ["verify"]);
  } catch {
    throw Object.assign(new NoEd25519("this browser cannot check Ed25519 signatures"), { text });
  }
  if (!(await subtle.verify({ name: "Ed25519" }, imported, signature, encoder.encode(text)))) fail(`it is not signed by ${key.name}`);
  return text;
}

const unsealed = ["seal", "witnesses", "timestamps"];

async function checkSeal(v, b, key) {
  const parts = {};
  for (const name of Object.keys(b)) if (!unsealed.includes(name)) parts[name] = await digestOf(b[name]);
  for (const name of Object.keys(parts).sort()) {
    if (parts[name] !== b.seal.parts[name]) v.note(name, false, "has changed since the bundle was sealed");
  }
  for (const name of Object.keys(b.seal.parts)) {
    if (!(name in parts)) v.note(name, false, "was there when the bundle was sealed and is missing");
  }
  await v.check("seal", async () => {
    const expected = `bundle of ${key.name}\n${await digestOf(b.seal.parts)}\n`;
    const right = (text) => text === expected || fail("the signature is over other digests");
    try {
      right(await openNote(b.seal.note, key));
    } catch (error) {
      if (error instanceof NoEd25519) right(error.text);
      throw error;
    }
    return `signed by ${key.name}`;
  });
}

function readCheckpoint(text) {
  const lines = text.split("\n");
  if (lines.length < 4 || lines.at(-1) !== "") fail("it has fewer than three lines");
  const size = Number(lines[1]);
  if (!Number.isSafeInteger(size) || size < 0 || String(size) !== lines[1]) fail("its size is no number of leaves");
  const root = bytesOf(lines[2]);
  if (root.length !== 32) fail("its root is no SHA-256");
  return { origin: lines[0], size, root };
}

// included follows an audit path to the root (RFC 9162, section 2.1.3.2).
async function included(leaf, digest, proof, checkpoint) {
  const node = (prefix, ...parts) => sha256(joined(Uint8Array.of(prefix), ...parts));
  let [at, last] = [leaf, checkpoint.size - 1];
  if (!Number.isSafeInteger(at) || at < 0 || at > last) return false;
  let hash = await node(0, Uint8Array.from(digest.slice(7).match(/../g), (b) => parseInt(b, 16)));
  for (const text of proof) {
    if (last === 0) return false;
    const beside = bytesOf(text);
    if (beside.length !== 32) return false;
    if (at % 2 === 1 || at === last) {
      hash = await node(1, beside, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else {
      hash = await node(1, hash, beside);
    }
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && same(hash, checkpoint.root);
}

async function checkActs(v, b, checkpoint) {
  const acts = [];
  let [wrong, before] = [0, -1];
  for (const bundled of b.acts) {
    try {
      if (!(await included(bundled.leaf, await digestOf(bundled.act), bundled.proof, checkpoint))) fail("is not in the log");
      if (bundled.leaf <= before) fail("stands out of the order of the log");
      acts.push(bundled.act);
    } catch (error) {
      wrong++;
      v.note(`act ${bundled.act?.id}`, false, error.message);
    }
    before = bundled.leaf;
  }
  v.note("acts", wrong === 0, wrong ? `${wrong} of ${b.acts.length} are not in the log` : `${acts.length}, each a leaf of the log`);
  return acts;
}

const actsOf = (acts, kind, id, ...types) => acts.filter((a) => a.object.kind === kind && a.object.id === id && types.includes(a.type));
const must = (right, why) => right || fail(why);

async function checkTexts(act, texts) {
  for (const [name, held] of Object.entries(texts ?? {})) {
    must(act.texts && name in act.texts, `its act holds no ${name}`);
    if (held.text === undefined) continue; // redacted
    must((await digestOf({ salt: held.salt, text: held.text })) === act.texts[name], `its ${name} is not what its act holds a digest of`);
  }
}

const subjects = { EDITION: "document", CHARTER: "proposal", MATTER: "matter" };

async function checkBallot(v, b, acts) {
  const opened = actsOf(acts, "BALLOT", b.ballot.id, "BALLOT_OPENED");
  if (!v.note("opening", opened.length === 1, opened.length === 1 ? "one act" : `${opened.length} acts open the ballot`)) return;
  const open = opened[0];
  const subject = subjects[b.ballot.kind];
  await v.check("what was voted on", async () => {
    must((await digestOf(b.subject)) === b.ballot.digest && open.digests?.[subject] === b.ballot.digest, "is not what the ballot was opened on");
    return b.ballot.digest;
  });
  const charter = await digestOf(b.charter);
  await v.check("charter", () => must(open.digests?.charter === charter, "is not the one under which the ballot was opened") && charter);
  await v.check("times", () => {
    must(open.time === b.ballot.openedAt, `the ballot was opened at ${open.time}`);
    must(open.words?.closesAt === b.ballot.closesAt, `its deadline was ${open.words?.closesAt}`);
    return `${b.ballot.openedAt} to ${b.ballot.closedAt}`;
  });
  await v.check("charter's adoption", () => {
    const adopted = (a) => ["CHARTER_FOUNDED", "CHARTER_ADOPTED"].includes(a.type) && a.object.kind === "CHARTER" && a.digests?.charter === charter;
    return must(acts.some(adopted), "no act puts it in force") && "an act put it in force";
  });
  await v.check("comments", () => checkComments(b, acts));
  await v.check("electorate", async () => {
    const listed = b.electors.map(({ name, entry, ...elector }) => elector);
    for (const electors of [listed, b.record.electors]) {
      must((await digestOf(electors)) === open.digests?.electorate, "is not the one that was frozen when the ballot was opened");
    }
    return `${listed.length} electors`;
  });
  await v.check("roll", () => checkRoll(b, acts));
  await v.check("notices", () => {
    const left = new Set(b.electors.map((e) => e.organization));
    for (const n of b.notices ?? []) must(left.delete(n.organization), `${n.organization} is no elector, or is told twice`);
    return `${b.notices?.length ?? 0} electors were told; the seal alone says so`;
  });
  await v.check("positions", () => checkPositions(b, acts, subject));
  await v.check("close", async () => {
    const closed = actsOf(acts, "BALLOT", b.ballot.id, "BALLOT_CLOSED", "BALLOT_ENDED", "BALLOT_RECALLED");
    must(closed.length === 1, `${closed.length} acts close the ballot`);
    must(closed[0].digests?.record === (await digestOf(b.record)), "the record is not the one that was closed with");
    must(closed[0].words?.outcome === b.ballot.outcome, `the ballot closed as ${closed[0].words?.outcome}`);
    must(closed[0].time === b.ballot.closedAt, `the ballot closed at ${closed[0].time}`);
    return `${b.ballot.outcome} at ${b.ballot.closedAt}`;
  });
  await v.check("count", () => recount(b));
}

function checkRoll(b, acts) {
  const known = new Set();
  for (const e of b.electors.filter((elector) => elector.entry)) {
    must(!known.has(e.entry), `entry ${e.entry} is that of two electors`);
    known.add(e.entry);
    const on = actsOf(acts, "ROLL_ENTRY", e.entry, "ROLL_ADMITTED", "ROLL_CHAMBER_CHANGED");
    for (const act of on) {
      const named = act.words?.organization;
      must(!named || named === e.organization, `act ${act.id} is on the entry of ${named}, not of ${e.organization}`);
    }
    must(on.filter((a) => a.type === "ROLL_ADMITTED").length === 1, `no act, or several, admit ${e.organization}`);
    must(on.some((a) => a.words?.chamber === e.chamber), `no act puts ${e.organization} in the chamber ${e.chamber}`);
  }
  for (const act of acts) must(act.object.kind !== "ROLL_ENTRY" || known.has(act.object.id), `act ${act.id} is on an entry of no elector`);
  return "acts admitted each elector that was on it when the ballot was opened, and put it in its chamber";
}

function checkComments(b, acts) {
  const known = new Set();
  for (const c of b.comments ?? []) {
    const made = actsOf(acts, "COMMENT", c.id, "COMMENT_ADDED", "OBJECTION_RAISED");
    must(made.length === 1 && !known.has(c.id), `comment ${c.id} has ${made.length} acts that make it, or stands there twice`);
    known.add(c.id);
    must(made[0].time === c.at && made[0].organization === c.organization && (made[0].type === "OBJECTION_RAISED") === c.objection,
      `comment ${c.id} is not what its act says`);
  }
  for (const act of acts) must(act.object.kind !== "COMMENT" || known.has(act.object.id), `act ${act.id} is on a comment that is not there`);
  return `${known.size}, each with its acts`;
}

async function checkPositions(b, acts, subject) {
  const last = new Map();
  const number = new Map();
  for (const p of b.positions) {
    const taken = actsOf(acts, "POSITION", p.id, "POSITION_TAKEN", "POSITION_CHANGED", "POSITION_RECONFIRMED");
    must(taken.length === 1, `position ${p.id} has ${taken.length} acts`);
    const act = taken[0];
    must(act.organization === p.organization && act.words.ballot === b.ballot.id && act.words.position === p.position && act.time === p.takenAt
      && act.digests?.[subject] === b.ballot.digest && Object.keys(p.texts ?? {}).length === Object.keys(act.texts ?? {}).length,
    `position ${p.id} is not what its act says`);
    await checkTexts(act, p.texts);
    must(p.number > (number.get(p.organization) ?? 0), `position ${p.id} stands out of its order`);
    number.set(p.organization, p.number);
    last.set(p.organization, p.position);
  }
  const votes = b.record.votes ?? [];
  must(last.size === votes.length, `${last.size} organizations took one, and the record has ${votes.length} votes`);
  for (const vote of votes) must(last.get(vote.organization) === vote.position, `the record counts ${vote.position} of ${vote.organization}`);
  return `${b.positions.length}, each with its act`;
}

// A fraction is [numerator, denominator], in lowest terms, the denominator above zero.
function fraction(n, d = 1n) {
  let [a, z] = [n < 0n ? -n : n, d];
  while (z) [a, z] = [z, a % z];
  return [n / (a || 1n), d / (a || 1n)];
}

function readFraction(value) {
  const match = /^(-?\d+)(?:\/(\d+)|\.(\d+))?$/.exec(String(value)) ?? fail(`${value} is no number`);
  if (match[3]) return fraction(BigInt(match[1] + match[3]), 10n ** BigInt(match[3].length));
  return fraction(BigInt(match[1]), BigInt(match[2] ?? 1));
}

const plus = ([a, b], [c, d]) => fraction(a * d + c * b, b * d);
const above = ([a, b], [c, d]) => a * d - c * b; // negative, zero or positive as the first is below, at or above the second
const comparators = {
  atLeast: (found) => found >= 0n, moreThan: (found) => found > 0n, atMost: (found) => found <= 0n, lessThan: (found) => found < 0n,
};
const written = ([n, d]) => (d === 1n ? `${n}` : `${n}/${d}`);

// countCondition counts one condition in exact fractions: whether it is met, and what it came to.
function countCondition(c, electors) {
  const parts = c.anyOf ?? c.allOf;
  if (parts) {
    const results = parts.map((part) => countCondition(part, electors));
    const met = results.filter((r) => r.met).length;
    return { met: met >= (c.allOf ? parts.length : 1), actual: String(met), [c.allOf ? "allOf" : "anyOf"]: results };
  }
  const chambers = c.chamber === undefined ? null : [].concat(c.chamber);
  let [count, base] = [[0n, 1n], [0n, 1n]];
  for (const e of electors) {
    if ((chambers && !chambers.includes(e.chamber)) || (c.group && !(e.groups ?? []).includes(c.group))) continue;
    const one = c.measure === "WEIGHT" ? e.weight : [1n, 1n];
    if (c.count.includes(e.position)) count = plus(count, one);
    const whole = c.over === "ELECTORATE" || (c.over === "ELECTORATE_LESS_RECUSED" && e.position !== "RECUSE");
    if (whole || (Array.isArray(c.over) && c.over.includes(e.position))) base = plus(base, one);
  }
  const name = Object.keys(comparators).find((n) => n in c) ?? fail("a condition compares with nothing");
  const threshold = readFraction(c[name]);
  if (c.over === undefined) return { met: comparators[name](above(count, threshold)), actual: written(count) };
  if (base[0] === 0n) {
    const floor = name === "atLeast" || name === "moreThan";
    return { met: c.ifEmpty ? c.ifEmpty === "MET" : !floor, actual: "0/0" };
  }
  const share = fraction(count[0] * base[1], count[1] * base[0]);
  return { met: comparators[name](above(share, threshold)), actual: written(share) };
}

function sameCount(counted, said) {
  must(counted.met === said.met && counted.actual === said.actual, `condition ${said.id} counts as ${counted.actual}, ${counted.met ? "met" : "not met"}`);
  for (const nest of ["anyOf", "allOf"]) {
    must((counted[nest] ?? []).length === (said[nest] ?? []).length, `condition ${said.id} has other parts`);
    (counted[nest] ?? []).forEach((part, i) => sameCount(part, said[nest][i]));
  }
}

function recount(b) {
  if (b.result === null) return must(!["CARRIED", "NOT_CARRIED", "INQUORATE"].includes(b.ballot.outcome), "there is no count") && "there was none";
  const taken = new Map((b.record.votes ?? []).map((vote) => [vote.organization, vote.position]));
  const electors = b.record.electors.map((e) => ({ ...e, weight: readFraction(e.weight ?? 1), position: taken.get(e.organization) ?? "" }));
  must(new Set(electors.map((e) => e.organization)).size === electors.length && taken.size === (b.record.votes ?? []).length, "the record names one twice");
  for (const organization of taken.keys()) must(electors.some((e) => e.organization === organization), `${organization} is a stranger`);
  let outcome = "CARRIED";
  must(b.record.rule.conditions.length === b.result.conditions.length, "the count has other conditions than the rule");
  b.record.rule.conditions.forEach((condition, i) => {
    const counted = countCondition(condition, electors);
    sameCount(counted, b.result.conditions[i]);
    if (!counted.met && condition.kind === "QUORUM") outcome = "INQUORATE";
    else if (!counted.met && outcome === "CARRIED") outcome = "NOT_CARRIED";
  });
  must(outcome === b.ballot.outcome && outcome === b.result.outcome, `the record counts as ${outcome}`);
  return "the record counts as was said; its explanations in words stand on the seal";
}

async function checkPublication(v, b, acts) {
  const p = b.publication;
  if (!v.note("publication's form", p.schema === "concordat/publication/1", String(p.schema))) return;
  const published = actsOf(acts, "PUBLICATION", p.id, "EDITION_PUBLISHED");
  if (!v.note("publishing", published.length === 1, published.length === 1 ? "one act" : `${published.length} acts publish it`)) return;
  const act = published[0];
  await v.check("publication", async () => {
    must(p.ballot === b.ballot.id && b.ballot.outcome === "CARRIED", "it names another ballot, or one that did not carry it");
    must(p.digest === b.ballot.digest && (await digestOf(p.document)) === p.digest, "its text is not the one that was voted on");
    must(act.digests?.document === p.digest && act.time === p.publishedAt, "it was published otherwise");
    for (const day of ["validFrom", "enrolUntil", "awardUntil"]) must(act.words?.[day] === p[day], "its dates are not those that it was published with");
    return p.publishedAt;
  });
  await v.check("offers", async () => {
    for (const o of p.offers) {
      must((await digestOf(o.facts)) === o.digest, `offer ${o.id} is not what its digest names`);
      must(actsOf(acts, "OFFER", o.id, "OFFER_MADE", "OFFER_CHANGED").some((a) => a.digests?.offer === o.digest), `no act makes offer ${o.id} as it stands`);
    }
    must(p.offers.some((o) => o.digest === act.digests?.offer), "the offer that it was published with is missing");
    return `${p.offers.length}, each with its act`;
  });
  await v.check("signatures", () => checkSignatures(b, acts));
  await v.check("statements", () => {
    for (const s of p.statements) {
      const given = actsOf(acts, "STATEMENT", s.id, "ENDORSEMENT_GIVEN", "STATEMENT_GIVEN");
      must(given.length === 1, `${given.length} acts give statement ${s.id}`);
      const kind = given[0].type === "STATEMENT_GIVEN" ? given[0].words.kind : "ENDORSEMENT";
      must(Object.values(given[0].digests ?? {}).includes(s.digest) && kind === s.kind && given[0].organization === s.organization.id
        && given[0].time === s.givenAt, `statement ${s.id} is not what its act says`);
    }
    return `${p.statements.length}, each with its act; unsigned ones stand on the log alone`;
  });
}

const signingActs = ["ENDORSEMENT_GIVEN", "STATEMENT_GIVEN", "EDITION_PUBLISHED"];

// urlBytes reads base64url.
const urlBytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));

const urlText = (bytes) => btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

// checkSignatures verifies what organizations signed, and finds a signature to each act that says there is one.
async function checkSignatures(b, acts) {
  const known = new Set();
  const signatures = b.signatures ?? [];
  for (const s of signatures) {
    const made = actsOf(acts, s.object, s.id, ...signingActs);
    must(made.length === 1 && !known.has(made[0].id), `what was signed of ${s.id} has ${made.length} acts, or stands there twice`);
    known.add(made[0].id);
    await checkSignature(s, made[0], acts);
  }
  for (const act of acts) {
    must(!signingActs.includes(act.type) || !act.digests?.credential || known.has(act.id), `act ${act.id} tells of a signature that is not there`);
  }
  const revoked = signatures.filter((s) => s.revokedAt || s.keyRevokedFrom).length;
  return `${signatures.length}, each by a key that its organization had registered${revoked ? `; ${revoked} revoked since, or the key of them; the seal alone says so` : ""}`;
}

async function checkSignature(s, act, acts) {
  must(act.digests?.credential === `sha256:${hex(await sha256(encoder.encode(s.credential)))}`, `${s.id}: its act is of another signature`);
  const [header, payload, signature, ...more] = s.credential.split(".");
  must(signature !== undefined && more.length === 0, `${s.id}: it is no JWS`);
  const said = JSON.parse(new TextDecoder().decode(urlBytes(payload)));
  const read = JSON.parse(new TextDecoder().decode(urlBytes(header)));
  must(read.alg === "EdDSA" && read.typ === "vc+jwt" && read.cty === "vc" && Object.keys(read).length === 4, `${s.id}: its header is not that of a vc+jwt`);
  const thumbprint = await sha256(encoder.encode(canonical({ crv: "Ed25519", kty: "OKP", x: s.publicKey }))); // RFC 7638
  must(read.kid === `${said.issuer.id}#${urlText(thumbprint)}`, `${s.id}: its key is not the issuer's`);
  const registered = actsOf(acts, "ORGANIZATION", act.organization, "KEY_REGISTERED", "KEY_ROTATED");
  must(registered.some((a) => a.words?.publicKey === s.publicKey), `${s.id}: no act registers its key for the organization`);
  const digests = Object.values(act.digests).map((d) => `sha256-${btoa(String.fromCharCode(...d.slice(7).match(/../g).map((h) => parseInt(h, 16))))}`);
  must(said.relatedResource.length > 0 && said.relatedResource.every((r) => digests.includes(r.digestSRI)), `${s.id}: it is about another text or offer than its act`);
  let key;
  try {
    key = await subtle.importKey("raw", urlBytes(s.publicKey), { name: "Ed25519" }, false, ["verify"]);
  } catch {
    throw new NoEd25519("this browser cannot check Ed25519 signatures");
  }
  must(await subtle.verify({ name: "Ed25519" }, key, urlBytes(signature), encoder.encode(`${header}.${payload}`)), `${s.id}: the signature is not of its key`);
}

// Findings collects what was checked: whether it holds, null where this browser could not check it.
class Findings {
  checks = [];

  note(name, holds, says) {
    this.checks.push({ name, holds, says });
    return holds;
  }

  async check(name, f) {
    try {
      return this.note(name, true, await f());
    } catch (error) {
      return this.note(name, error instanceof NoEd25519 ? null : false, error.message);
    }
  }
}

// verifyBundle checks a bundle's bytes against a log's key, or, where none is given, against the bundle's own.
export async function verifyBundle(bytes, given = "") {
  const v = new Findings();
  let b, key, checkpoint;
  if (!(await v.check("form", () => ((b = readBundle(bytes)), "canonical JSON, concordat/bundle/1")))) return v.checks;
  if (given) v.note("key", given === b.key, given === b.key ? "the one given" : `the bundle was made under ${b.key}, not under the key given`);
  else v.note("key", true, "taken from the bundle itself: compare it with one that you know from elsewhere");
  if (!(await v.check("seal's key", async () => ((key = await readKey(given || b.key)), "Ed25519")))) return v.checks;
  await v.check("members", () => checkSeal(v, b, key).then(() => "compared with the digests in the seal"));
  await v.check("checkpoint", async () => {
    const read = (text) => {
      checkpoint = readCheckpoint(text);
      must(checkpoint.origin === key.name, `it is of the log ${checkpoint.origin}`);
      return `${checkpoint.size} leaves of ${checkpoint.origin}`;
    };
    try {
      return read(await openNote(b.checkpoint, key));
    } catch (error) {
      if (error instanceof NoEd25519) read(error.text);
      throw error;
    }
  });
  if (!checkpoint) return v.checks;
  await v.check("contents", async () => {
    const acts = await checkActs(v, b, checkpoint);
    await v.check("words", async () => {
      for (const bundled of b.acts) await checkTexts(bundled.act, bundled.texts);
      return "each is what its act holds a digest of";
    });
    await checkBallot(v, b, acts);
    if (b.publication) await checkPublication(v, b, acts);
    return "read to the end";
  });
  return v.checks;
}

// show writes the checks, each on a line, and what they come to.
function show(list, verdict, checks) {
  const words = new Map([[true, "ok"], [false, "WRONG"], [null, "not checked"]]);
  list.replaceChildren(...checks.map((check) => {
    const line = document.createElement("li");
    const tag = document.createElement("span");
    tag.className = check.holds ? "tag good" : "tag warn";
    tag.textContent = words.get(check.holds);
    line.append(tag, ` ${check.name}: ${check.says}`);
    return line;
  }));
  if (checks.some((c) => c.holds === false)) verdict.textContent = "The bundle does not hold.";
  else if (checks.some((c) => c.holds === null)) verdict.textContent = "Nothing wrong was found, but this browser could not check everything.";
  else verdict.textContent = "The bundle holds.";
}

function start() {
  const [file, key, list, verdict] = ["file", "key", "checks", "verdict"].map((id) => document.getElementById(id));
  let bytes;
  const run = async () => {
    if (!bytes) return;
    verdict.textContent = "Checking…";
    show(list, verdict, await verifyBundle(bytes, key.value.trim()));
  };
  file.addEventListener("change", async () => {
    if (file.files.length === 0) return;
    bytes = new Uint8Array(await file.files[0].arrayBuffer());
    await run();
  });
  key.addEventListener("change", run);
  const linked = new URLSearchParams(location.search).get("bundle");
  if (!linked) return;
  if (!/^\/register\/[a-z0-9./-]+\/bundle\.json$/.test(linked)) {
    verdict.textContent = "The address does not name a bundle of this register.";
    return;
  }
  fetch(linked).then(async (answer) => {
    if (!answer.ok) fail(`the server answered ${answer.status}`);
    bytes = new Uint8Array(await answer.arrayBuffer());
    await run();
  }).catch((error) => { verdict.textContent = `The bundle could not be read: ${error.message}.`; });
}

if (typeof document !== "undefined") start();
