/** Declarations of the Shoot web, and a stack that has adopted it. */
import { check, create, type LifecycleContext } from "../../../provider/lifecycle";

export const urn = "urn:pulumi:dev::stack::gardener:index:ShootVersions::web";

export function request(declaration: object, { preview = true, reportTo = urn } = {}) {
  return {
    declaration: { shoot: { namespace: "garden-demo", name: "web" }, ...declaration },
    run: { reportTo, preview },
  };
}

export const patch = { kubernetes: { version: "1.33" } };
export const minor = { kubernetes: { version: "1.34" }, machineImage: { version: "1877.3.0" } };

export async function adopt(context: LifecycleContext, declaration: object) {
  const { inputs } = await check(context, {}, request(declaration));
  const { outs } = await create(context, inputs);
  return { inputs, state: outs };
}
