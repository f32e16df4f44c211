/** A Cleura garden over a loopback server, and objects as Cleura's API sends them. */
import { createCleuraGarden, type CleuraEndpoint } from "../../../../provider/garden/cleura";
import type { Garden } from "../../../../provider/garden/garden";
import { sendJson, startApiServer, type ApiServer, type Route } from "../support/api-server";
import { connectWith } from "../support/kubeconfigs";

const base = "/gardener/v2/public";
export const shootsPath = `${base}/shoots/Sto2/0123abcd`;
export const shootPath = `${shootsPath}/web`;
export const profilesPath = `${base}/cloud-profiles`;
export const web = { namespace: "garden-pabc12", name: "web" };

export interface CleuraScene {
  readonly server: ApiServer;
  readonly garden: Garden;
  close(): Promise<void>;
}

export async function cleuraScene(): Promise<CleuraScene> {
  const server = await startApiServer();
  const endpoint: CleuraEndpoint = {
    cloud: "public",
    region: "Sto2",
    projectId: "0123abcd",
    url: server.url,
  };
  const connection = await connectWith({ server: server.url });
  const garden = createCleuraGarden(endpoint, connection, { retryMs: 1 });
  server.on("POST /auth/v2/tokens/validate", (_seen, response) => sendJson(response, {}));
  return { server, garden, close: () => server.close() };
}

/** The bodies of requests, parsed; undefined where there was none. */
export function bodies(server: ApiServer, method: string): readonly unknown[] {
  return server.requests
    .filter((seen) => seen.method === method)
    .map(({ body }): unknown => (body === "" ? undefined : JSON.parse(body)));
}

export const refusal =
  (code: number, message: string, errors: readonly { key: string; value: string }[] = []): Route =>
  (_seen, response) =>
    sendJson(response, { error: { code, message, ...(errors.length > 0 && { errors }) } }, code);

export const notFound = refusal(404, "Not found");

export const accepted =
  (value: unknown): Route =>
  (_seen, response) =>
    sendJson(response, value, 202);

type Json = Readonly<Record<string, unknown>>;

export function workerObject(change: Json = {}): Json {
  return {
    name: "pool-a",
    machine: { type: "b.2c4gb", architecture: "amd64", image: { name: "gardenlinux", version: "1877.7.0" } },
    minimum: 3,
    maximum: 5,
    max_surge: 1,
    max_unavailable: 0,
    volume: { size: "50Gi" },
    zones: ["nova"],
    ...change,
  };
}

export function operationObject(change: Json = {}): Json {
  return {
    type: "Reconcile",
    state: "Succeeded",
    progress: 100,
    description: "Shoot cluster has been successfully reconciled.",
    last_update_time: "2026-11-01T00:00:00Z",
    ...change,
  };
}

export function shootObject(change: Json = {}): Json {
  return {
    name: "web",
    namespace: web.namespace,
    uid: "11111111-2222-3333-4444-555555555555",
    region: "Sto2",
    purpose: "evaluation",
    cloud_profile_name: "cleuracloud",
    kubernetes: { version: "1.33.4" },
    maintenance: {
      auto_update: { kubernetes_version: true, machine_image_version: false },
      time_window: { begin: "000000+0100", end: "010000+0100" },
    },
    networking: { type: "calico", nodes: "10.250.0.0/16" },
    shoot_provider: { type: "openstack", workers: [workerObject()] },
    last_operation: operationObject(),
    status: {
      is_hibernated: false,
      conditions: [{ type: "APIServerAvailable", status: "True", reason: "Ok", message: "fine", codes: [] }],
      constraints: [{ type: "HibernationPossible", status: "True", reason: "Ok", message: "fine" }],
      last_errors: [],
    },
    ...change,
  };
}

export function profileObject(change: Json = {}): Json {
  return {
    name: "cleuracloud",
    type: "openstack",
    kubernetes: {
      versions: [
        { version: "1.34.3", classification: "supported" },
        { version: "1.33.4", classification: "deprecated", expiration_date: "2027-01-02T23:59:59Z" },
        { version: "1.33.7" },
      ],
    },
    machine_images: [
      {
        name: "gardenlinux",
        update_strategy: "major",
        versions: [
          {
            version: "1877.9.0",
            classification: "supported",
            architectures: ["amd64"],
            cri: [{ name: "containerd" }],
          },
        ],
      },
    ],
    machine_types: [
      { name: "b.2c4gb", cpu: "2", gpu: "0", memory: "4Gi", architecture: "amd64", usable: true },
    ],
    regions: [{ name: "Sto2", zones: [{ name: "nova" }] }],
    volume_types: [],
    provider_config: {},
    ...change,
  };
}
