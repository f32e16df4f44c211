/** Writes of other users to the Shoot during a run: directly, not through the proxy. */
import { HOLD_ANNOTATION } from "../../provider/model/shoot";
import { FAULT_ANNOTATION } from "../../sandbox/gardenlet/faults";
import { ApiError, type Client } from "../../sandbox/client";
import { map, type JsonMap } from "../../sandbox/json";
import type { Other } from "./faults";
import type { DeclaredVersions } from "./schedule";

export const SHOOT = "/apis/core.gardener.cloud/v1beta1/namespaces/garden-demo/shoots/web";
const SHOOTS = SHOOT.slice(0, SHOOT.lastIndexOf("/"));
const KUBECTL = { fieldManager: "kubectl-edit" };

export type Work = Exclude<Other, "anotherUp">;

/** The Shoot may be gone, or refuse it: then nothing comes of it. */
export async function work(garden: Client, what: Work, declared: DeclaredVersions): Promise<void> {
  try {
    await perform(garden, what, declared);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
  }
}

async function perform(garden: Client, what: Work, declared: DeclaredVersions): Promise<unknown> {
  const annotate = (annotations: Record<string, string | null>) =>
    garden.patch(SHOOT, "merge", { metadata: { annotations } }, KUBECTL);
  const edit = (spec: unknown) => garden.patch(SHOOT, "strategic", { spec }, KUBECTL);
  switch (what) {
    case "maintenance":
      return annotate({ "gardener.cloud/operation": "maintain" });
    case "otherFields":
      return edit({ provider: { workers: [{ name: "pool-a", maximum: 4 }] } });
    case "sameVersion":
      return edit(sameVersions(declared));
    case "hold":
      return annotate({ [HOLD_ANNOTATION]: "migration until Friday" });
    case "hibernation":
      return edit({ hibernation: { enabled: true } });
    case "deletion":
      await annotate({ "confirmation.gardener.cloud/deletion": "true" });
      return garden.delete(SHOOT);
    case "recreation":
      return recreate(garden, annotate);
    case "gardenlet:error-once":
      return annotate({ [FAULT_ANNOTATION]: "error-once" });
    case "gardenlet:stale-success":
      return annotate({ [FAULT_ANNOTATION]: "stale-success" });
  }
}

function sameVersions({ kubernetes, image }: DeclaredVersions): JsonMap {
  const worker = { name: "pool-a", machine: { image: { name: "gardenlinux", version: image ?? "" } } };
  return {
    ...(kubernetes === undefined ? {} : { kubernetes: { version: concrete(kubernetes) } }),
    ...(image === undefined ? {} : { provider: { workers: [worker] } }),
  };
}

/** The newest supported patch in the sandbox's CloudProfile. */
export function concrete(version: string): string {
  return version === "1.34" ? "1.34.3" : version;
}

/** Another cluster under the same name. */
async function recreate(
  garden: Client,
  annotate: (annotations: Record<string, string | null>) => Promise<JsonMap>,
): Promise<void> {
  const { metadata, spec } = await garden.get(SHOOT);
  await annotate({ "confirmation.gardener.cloud/deletion": "true" });
  await garden.delete(SHOOT);
  await garden.patch(SHOOT, "merge", { metadata: { finalizers: null } });
  const { name = "web", namespace = "garden-demo" } = map(metadata);
  await garden.create(SHOOTS, {
    apiVersion: "core.gardener.cloud/v1beta1",
    kind: "Shoot",
    metadata: { name, namespace },
    spec: map(spec),
  });
}
