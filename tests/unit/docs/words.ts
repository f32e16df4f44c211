/** Words that the terms of the glossary in CONTRIBUTING.md have replaced, and where they are refused. */

interface ReplacedWord {
  /** Of identifiers, split into words, and of text; in lower case. */
  readonly pattern: RegExp;
  readonly instead: string;
}

export const replacedWords: readonly ReplacedWord[] = [
  { pattern: /\bhops?\b/, instead: "step" },
  { pattern: /(?<!\ball )\bsettl(?:e|es|ed|ing)\b/, instead: "complete, awaitReady, awaitRollout" },
  { pattern: /\bledger\b/, instead: "writeGenerations" },
  { pattern: /\bevidence\b/, instead: "operationTracker" },
  { pattern: /\bmailbox\b|\binbox\b/, instead: "queue" },
  { pattern: /\baims?\b|\bgoals?\b|\bwanted\b/, instead: "target" },
  { pattern: /\bmend(?:s|ed|ing)?\b/, instead: "fix" },
  { pattern: /\beyes\b/, instead: "list, watch, read" },
  // A feature gate is a term of Kubernetes.
  { pattern: /(?<!feature )\bgate\b(?!s)/, instead: "limiter, upgradeCheck" },
  { pattern: /\btold\b/, instead: "reported" },
  { pattern: /\bverdict\b/, instead: "result" },
  { pattern: /\b(?:take|takes|took|taken) up\b/, instead: "start reconciling" },
  { pattern: /\blet(?:s|ting)? go\b/, instead: "stop managing" },
  { pattern: /\bgo(?:ing|es)? away\b/, instead: "being deleted, removed" },
  { pattern: /\bgo(?:es)? on\b/, instead: "continue" },
  { pattern: /\bgive(?:s|n)? up\b|\bgave up\b/, instead: "fail, not retry" },
];

/** Folders and files in which the words still occur; remove an entry when its words are replaced. */
export const notCovered: readonly string[] = [
  // The list itself, and examples.
  "tests/unit/docs",
  // A sentence of Cleura's API.
  "tests/unit/rollout/preparation.test.ts",
];
