/**
 * Unit tests of programs, with `pulumi.runtime.setMocks`: no provider runs, and no request is sent to a
 * garden. Outputs and results are those of the test's mocks.
 */
import * as pulumi from "@pulumi/pulumi";
import type { ShootVersionsArgs } from "./args";
import { RolloutState } from "./model/enums";
import { isRecord } from "./model/json";
import { UNMANAGED, type WorkerVersions } from "./model/plan";

/** The test may set its monitor by another copy of the SDK. */
export function underMocks(): boolean {
  const monitor: unknown = pulumi.runtime.getMonitor();
  return isRecord(monitor) && isRecord(monitor["mocks"]);
}

/**
 * The inputs that check would have resolved, as far as the declaration determines them: mocks that return
 * their inputs return them as outputs. An optional argument is absent or null.
 */
export function declaredInputs(args: ShootVersionsArgs) {
  const declared = pulumi.output(args);
  const target = declared.apply(({ kubernetes, machineImage, workers }) => {
    const kubernetesVersion = kubernetes?.version ?? UNMANAGED;
    const pools = Object.entries(workers ?? {}).map(([name, pool]): [string, WorkerVersions] => {
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
    state: RolloutState.UpToDate,
    completedAt: "1970-01-01T00:00:00.000Z",
  };
}

/** The result of the mocks' `call`, as for a function of any other provider. */
export async function mockedCall<Result>(
  token: string,
  args: object,
  opts: pulumi.InvokeOptions | undefined,
  isResult: (value: unknown) => value is Result,
): Promise<Result> {
  const result: unknown = await pulumi.runtime.invoke(token, { ...args }, opts);
  if (isResult(result)) return result;
  throw new pulumi.RunError(`The mock of ${token} does not return a result of this function.`);
}
