import path from "node:path";
import { fileURLToPath } from "node:url";
import eslint from "@eslint/js";
import tseslint from "typescript-eslint";

const root = path.dirname(fileURLToPath(import.meta.url));

const noDefaultExport = { selector: "ExportDefaultDeclaration", message: "Export it by name." };

export default tseslint.config(
  { ignores: ["**/lib/", "**/node_modules/"] },
  eslint.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { project: "tsconfig.json", tsconfigRootDir: root } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      eqeqeq: "error",
      "no-console": "error",
      "no-restricted-syntax": ["error", noDefaultExport],
      "@typescript-eslint/consistent-type-assertions": ["error", { assertionStyle: "never" }],
      "@typescript-eslint/consistent-type-imports": ["error", { disallowTypeAnnotations: false }],
      // `return report(…)` ends a function early, in one line.
      "@typescript-eslint/no-confusing-void-expression": "off",
      // Keys of JSON from elsewhere stay visible as such.
      "@typescript-eslint/dot-notation": ["error", { allowIndexSignaturePropertyAccess: true }],
      // Records are built and copied in small functions; a Map would have to be turned into JSON again.
      "@typescript-eslint/no-dynamic-delete": "off",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      // There are no enums and hardly a class here, and both rules ask for many types.
      "@typescript-eslint/no-unsafe-enum-assignment": "off",
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
      // Objects here are closures: their functions do without `this`.
      "@typescript-eslint/unbound-method": "off",
      // A version, a count or a name in a message needs no String().
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
    },
  },
  {
    files: ["provider/plan/**"],
    rules: {
      "no-restricted-globals": ["error", "process", "fetch", "console", "setTimeout", "setInterval"],
      "no-restricted-syntax": [
        "error",
        noDefaultExport,
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: "Take a clock." },
        { selector: "MemberExpression[object.name='Date'][property.name='now']", message: "Take a clock." },
      ],
    },
  },
  {
    files: ["tests/**", "tools/**", "bench/**", "sandbox/tests/**", "sandbox/main.ts"],
    rules: { "no-console": "off" },
  },
  {
    files: ["tests/**", "sandbox/tests/**"],
    rules: {
      // chai's assertions are properties.
      "@typescript-eslint/no-unused-expressions": "off",
      // A stand-in answers at once where the real one waits.
      "@typescript-eslint/require-await": "off",
    },
  },
  {
    files: ["**/*.js", "**/*.mjs", "**/*.cjs"],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: {
        require: "readonly",
        module: "readonly",
        __dirname: "readonly",
        process: "readonly",
        console: "readonly",
      },
    },
    rules: { "no-restricted-syntax": "off", "@typescript-eslint/no-require-imports": "off" },
  },
);
