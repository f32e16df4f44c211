/** Kubeconfigs in every form, on disk in a folder of their own, and connections over them. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Connection } from "../../../../provider/garden/connection";
import { openConnection } from "../../../../provider/garden/connection";
import { systemClock } from "../../../../provider/model/clock";
import { json, testCa, type Route } from "./api-server";

export const base64 = (text: string): string => Buffer.from(text).toString("base64");

export interface Parts {
  readonly server: string;
  readonly cluster?: Readonly<Record<string, unknown>>;
  readonly user?: Readonly<Record<string, unknown>>;
}

/** JSON is YAML. */
export async function kubeconfigOf(parts: Parts): Promise<string> {
  const ca = await testCa();
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "garden",
    contexts: [{ name: "garden", context: { cluster: "garden", user: "jane" } }],
    clusters: [
      {
        name: "garden",
        cluster: {
          server: parts.server,
          "certificate-authority-data": base64(ca.certificate),
          ...parts.cluster,
        },
      },
    ],
    users: [{ name: "jane", user: parts.user ?? { token: "good-token" } }],
  });
}

/** The answer of a Gardener API server that issues it. */
export function issued(kubeconfig: string, expires = "2030-01-01T00:00:00Z"): Route {
  return json({ status: { kubeconfig: base64(kubeconfig), expirationTimestamp: expires } });
}

export async function connectWith(parts: Parts, env: NodeJS.ProcessEnv = {}): Promise<Connection> {
  const content = await kubeconfigOf(parts);
  return openConnection({ kind: "content", content, origin: "of the test" }, env, systemClock);
}

export interface Folder {
  readonly path: string;
  write(name: string, content: string, mode?: number): Promise<string>;
  remove(): Promise<void>;
}

export async function createFolder(): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), "garden-test-"));
  return {
    path,
    async write(name, content, mode = 0o600) {
      const file = join(path, name);
      await writeFile(file, content, { mode });
      return file;
    },
    remove: () => rm(path, { recursive: true, force: true }),
  };
}
