/** The exec entry of a kubeconfig, run as a client of Kubernetes runs it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { load } from "js-yaml";
import { isRecord } from "../../provider/model/json";
import { connect, type Client } from "../../sandbox/client";
import { isJson, map, mapsAt, textAt, textsAt, type JsonMap } from "../../sandbox/json";
import { repository } from "../../tools/engine/project";

export interface Ended {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** @param env all of the environment beside PATH. */
export async function runExec(kubeconfig: string, env: Readonly<Record<string, string>>): Promise<Ended> {
  const exec = userOf(kubeconfig);
  const child = spawn(textAt(exec, "command"), textsAt(exec, "args"), {
    cwd: repository,
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "close");
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await ended;
  return { code: child.exitCode, stdout, stderr };
}

/** A line to the API that the kubeconfig names, with the credentials that its exec entry has printed. */
export function connectWith(kubeconfig: string, credential: string): Client {
  const cluster = mapsAt(parsed(kubeconfig), "clusters")[0];
  const printed: unknown = JSON.parse(credential);
  const status = isJson(printed) ? map(map(printed).status) : {};
  return connect({
    url: textAt(cluster, "cluster", "server"),
    ca: Buffer.from(textAt(cluster, "cluster", "certificate-authority-data"), "base64").toString("utf8"),
    clientCert: textAt(status, "clientCertificateData"),
    clientKey: textAt(status, "clientKeyData"),
  });
}

function userOf(kubeconfig: string): JsonMap {
  return map(map(map(mapsAt(parsed(kubeconfig), "users")[0]).user).exec);
}

function parsed(kubeconfig: string): JsonMap {
  const value: unknown = load(kubeconfig);
  return isRecord(value) && isJson(value) ? map(value) : {};
}
