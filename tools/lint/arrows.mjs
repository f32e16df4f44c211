/**
 * Which room may import which: the arrows go one way, and nothing imports tests. The rooms that are
 * not named here (tests, tools, examples, bench) may import all others.
 */
import path from "node:path";

const rooms = {
  "index.ts": ["components", "provider/resource.ts", "provider/args.ts", "provider/model"],
  components: [
    "provider/resource.ts",
    "provider/args.ts",
    "provider/mocks.ts",
    "provider/lifecycle",
    "provider/declaration",
    "provider/garden",
    "provider/plan",
    "provider/model",
  ],
  credential: ["provider/garden", "provider/model"],
  "provider/resource.ts": ["provider/shim.ts", "provider/args.ts", "provider/mocks.ts", "provider/model"],
  "provider/mocks.ts": ["provider/args.ts", "provider/model"],
  "provider/shim.ts": [],
  "provider/args.ts": ["provider/model"],
  "provider/server.ts": [
    "provider/lifecycle",
    "provider/engine",
    "provider/garden",
    "provider/rollout",
    "provider/preflight",
    "provider/model",
  ],
  "provider/lifecycle": [
    "provider/declaration",
    "provider/engine",
    "provider/garden",
    "provider/plan",
    "provider/rollout",
    "provider/preflight",
    "provider/model",
  ],
  "provider/engine": ["provider/model"],
  "provider/declaration": ["provider/model"],
  "provider/garden": ["provider/model"],
  "provider/rollout": ["provider/plan", "provider/garden/garden.ts", "provider/model"],
  "provider/preflight": ["provider/garden/garden.ts", "provider/model"],
  "provider/plan": ["provider/model"],
  "provider/model": [],
  sandbox: ["provider/model"],
};

/** Rooms without I/O, and the packages that they may import. */
const packages = { "provider/plan": ["semver"], "provider/model": ["semver"] };

/** The rule itself, as `arrows`. */
export const arrows = {
  meta: { type: "problem", schema: [], messages: { found: "{{ text }}" } },
  create(context) {
    const file = path.relative(context.cwd, context.filename);
    const check = (node) => {
      const text = node?.type === "Literal" && typeof node.value === "string" && refusal(file, node.value);
      if (text) context.report({ node, messageId: "found", data: { text } });
    };
    return {
      ImportDeclaration: (node) => check(node.source),
      ExportNamedDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
      ImportExpression: (node) => check(node.source),
      TSImportType: (node) => check(node.source ?? node.argument?.literal),
      "CallExpression[callee.name='require']": (node) => check(node.arguments[0]),
    };
  },
};

/** Why a file may not import what it does; undefined where it may. */
function refusal(file, specifier) {
  const room = roomOf(file);
  if (!specifier.startsWith(".")) return refusedPackage(room, specifier);
  const imported = path.normalize(path.join(path.dirname(file), specifier));
  if (isWithin("tests", imported) && !isWithin("tests", file)) return "Nothing imports tests.";
  const allowed = rooms[room];
  if (allowed === undefined || isWithin(room, imported)) return undefined;
  if (allowed.some((other) => isWithin(other, imported))) return undefined;
  return `${room} may import ${allowed.length === 0 ? "no other room" : `only ${allowed.join(", ")}`}.`;
}

function refusedPackage(room, specifier) {
  const allowed = packages[room];
  if (allowed === undefined || allowed.includes(specifier)) return undefined;
  return `${room} does no I/O: of packages it may import only ${allowed.join(", ")}.`;
}

function roomOf(file) {
  return Object.keys(rooms).find((room) => isWithin(room, file)) ?? "";
}

/** Whether a path, with or without `.ts`, is a room or lies in it. */
function isWithin(room, file) {
  return file === room || `${file}.ts` === room || file.startsWith(`${room}/`);
}
