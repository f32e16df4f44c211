/**
 * Unit tests of programs, with `pulumi.runtime.setMocks`: no provider runs, and nothing of ours may
 * reach a garden. What is known there is what the test's mocks say.
 */
import * as pulumi from "@pulumi/pulumi";
import type { ShootVersionsArgs } from "./args";
import { isRecord } from "./model/json";
import { UNMANAGED, type WorkerVersions } from "./model/plan";

/** The test's monitor may be of another copy of the SDK than ours. */
export function underMocks(): boolean {
  const monitor: unknown = pulumi.runtime.getMonitor();
  return isRecord(monitor) && isRecord(monitor["mocks"]);
}

/**
 * The inputs that check would have resolved, as far as the program itself says: mocks that echo their
 * inputs give them back as outputs.
 */
export function declaredInputs(args: ShootVersionsArgs) {
  const declared = pulumi.output(args);
  const target = declared.apply(({ kubernetes, machineImage, workers = {} }) => {
    const kubernetesVersion = kubernetes?.version ?? UNMANAGED;
    const pools = Object.entries(workers).map(([name, pool]): [string, WorkerVersions] => {
      const version = pool.machineImage?.version ?? machineImage?.version ?? UNMANAGED;
      return [name, { kubernetesVersion, machineImage: { name: UNMANAGED, version } }];
    });
    return { kubernetesVersion, workers: Object.fromEntries(pools) };
  });
  return {
    shoot: declared.apply(
      ({ shoot: { id, namespace, project, name } }) =>
        id ?? `${namespace ?? `garden-${project ?? ""}`}/${name ?? ""}`,
    ),
    shootUid: "00000000-0000-0000-0000-000000000000",
    kubernetesVersion: target.kubernetesVersion,
    workers: target.workers,
    target,
    state: "upToDate",
  };
}

/** What the test's `call` answers, as for a function of any other provider. */
export async function mockedCall<Result>(
  token: string,
  args: pulumi.Inputs,
  isResult: (value: unknown) => value is Result,
): Promise<Result> {
  const answered: unknown = await pulumi.runtime.invoke(token, args);
  if (isResult(answered)) return answered;
  throw new pulumi.RunError(`The mock of ${token} does not return what the function returns.`);
}
