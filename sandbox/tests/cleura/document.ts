/** The operations that the sandbox serves, as Cleura's description has them, and the check of an answer. */
import type { Json } from "../../json";
import * as schemas from "./schemas";
import { listOf, type Shape } from "./shape";

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export interface Operation {
  readonly method: Method;
  readonly path: string;
  /** Of a success; absent where the description has none. */
  readonly code?: number;
  /** Of a success's body; `none`: it has none. YAML is described as `text/yaml` and comes as `text/html`. */
  readonly body: Shape | "none" | "yaml";
}

const SHOOTS = "/gardener/v2/{cloud}/shoots/{region}/{project}";
const SHOOT = `${SHOOTS}/{name}`;

const upgrade = (method: Method, step: string): Operation => ({
  method,
  path: `${SHOOT}/upgrade/${step}`,
  code: 200,
  body: schemas.upgradeConditions,
});

export const operations: readonly Operation[] = [
  { method: "POST", path: "/auth/v2/tokens", code: 201, body: schemas.login },
  { method: "DELETE", path: "/auth/v2/tokens", code: 204, body: "none" },
  { method: "POST", path: "/auth/v2/tokens/validate", code: 204, body: "none" },
  {
    method: "GET",
    path: "/gardener/v2/{cloud}/cloud-profiles",
    code: 200,
    body: listOf(schemas.cloudProfile),
  },
  { method: "GET", path: SHOOTS, code: 200, body: listOf(schemas.shoot) },
  { method: "GET", path: SHOOT, code: 200, body: schemas.shoot },
  { method: "PATCH", path: SHOOT, code: 202, body: schemas.shoot },
  { method: "PUT", path: `${SHOOT}/workers/{worker}`, code: 202, body: schemas.shoot },
  upgrade("GET", "check"),
  upgrade("PUT", "prepare"),
  upgrade("PATCH", "revert"),
  { method: "POST", path: `${SHOOT}/admin-kubeconfig`, code: 201, body: "yaml" },
  {
    method: "POST",
    path: `${SHOOT.replace("/v2/", "/v3/")}/admin-kubeconfig`,
    code: 201,
    body: schemas.kubeconfig,
  },
];

export interface Reply {
  readonly code: number;
  readonly body: Json;
  readonly type: string;
}

export function operationOf(method: string, path: string): Operation | undefined {
  const steps = (path.split("?")[0] ?? "").split("/");
  return operations.find((one) => {
    const expected = one.path.split("/");
    return (
      one.method === method &&
      expected.length === steps.length &&
      expected.every((step, index) => step.startsWith("{") || step === steps[index])
    );
  });
}

/** What an answer has that the description does not, or the other way round. */
export function deviations(operation: Operation | undefined, { code, body, type }: Reply): readonly string[] {
  const isJson = type.startsWith("application/json");
  if (code >= 300) return isJson ? schemas.error.check(body, "body") : [`a refusal comes as ${type}`];
  if (operation === undefined) return [`no such operation, and the answer is ${code}`];
  const wrong =
    operation.code === undefined || operation.code === code ? [] : [`${code}, not ${operation.code}`];
  if (operation.body === "none") return [...wrong, ...(body === "" ? [] : ["it has a body"])];
  if (operation.body === "yaml") {
    return [...wrong, ...(type.startsWith("text/html") ? [] : [`YAML comes as ${type}`])];
  }
  return [...wrong, ...(isJson ? operation.body.check(body, "body") : [`JSON comes as ${type}`])];
}
