/**
 * What the stored shim imports. A file of its own: before an `import()` of CommonJS, Node.js parses the whole file for the
 * names of its exports, and that of the lifecycle is large.
 */
export { check, create, diff, read, remove, update } from "./server";
