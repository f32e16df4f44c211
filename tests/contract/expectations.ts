/** Refusals in the API server's form. */
import { expect } from "chai";
import type { Answer } from "./api";

export interface Cause {
  readonly field: string;
  readonly reason: string;
  readonly message: string;
}

export const forbiddenCause = (field: string, detail: string): Cause => ({
  field,
  reason: "FieldValueForbidden",
  message: `Forbidden: ${detail}`,
});

export function expectAccepted(answer: Answer, code = 200): void {
  expect(answer.code, JSON.stringify(answer.body.raw)).to.equal(code);
}

/** Static validation: 422, the causes in order, one message for all. */
export function expectInvalid(answer: Answer, name: string, causes: readonly Cause[]): void {
  expect(answer.code, JSON.stringify(answer.body.raw)).to.equal(422);
  expect(answer.body.text("reason")).to.equal("Invalid");
  expect(answer.body.at("details", "causes")).to.deep.equal(causes);
  const lines = [...new Set(causes.map(({ field, message }) => `${field}: ${message}`))];
  const whole = lines.length === 1 ? lines[0] : `[${lines.join(", ")}]`;
  expect(answer.body.text("message")).to.equal(
    `Shoot.core.gardener.cloud "${name}" is invalid: ${String(whole)}`,
  );
}

/** Admission: 403, one message, no causes. */
export function expectForbidden(answer: Answer, name: string, why: string): void {
  expect(answer.code, JSON.stringify(answer.body.raw)).to.equal(403);
  expect(answer.body.text("reason")).to.equal("Forbidden");
  expect(answer.body.at("details", "causes")).to.equal(undefined);
  expect(answer.body.text("message")).to.equal(`shoots.core.gardener.cloud "${name}" is forbidden: ${why}`);
}

export const nameOf = (path: string) => path.split("/").at(-1) ?? "";
