/** The exec entry of a kubeconfig, run as a client of Kubernetes runs it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import * as path from "node:path";
import { text } from "node:stream/consumers";
import { load } from "js-yaml";
import manifest from "../../package.json";
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

/** A folder that holds the command of the built package, as npm installs it. */
export async function installCommand(folder: string): Promise<string> {
  const bin = path.join(folder, "bin");
  await mkdir(bin);
  const built = path.join(repository, manifest.bin["pulumi-gardener"]);
  await writeFile(path.join(bin, "pulumi-gardener"), `#!/bin/sh\nexec node "${built}" "$@"\n`, {
    mode: 0o755,
  });
  return bin;
}

export interface CommandLocation {
  /** Folder of the command; absent: it is not installed. */
  readonly bin?: string;
  readonly cwd: string;
}

/** @param env all of the environment beside PATH. */
export async function runExec(
  kubeconfig: string,
  env: Readonly<Record<string, string>>,
  { bin, cwd }: CommandLocation,
): Promise<Ended> {
  const exec = userOf(kubeconfig);
  const standard = process.env["PATH"] ?? "";
  const child = spawn(textAt(exec, "command"), textsAt(exec, "args"), {
    cwd,
    env: { PATH: bin === undefined ? standard : `${bin}${path.delimiter}${standard}`, ...env },
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

/** Its user's exec entry. */
export function userOf(kubeconfig: string): JsonMap {
  return map(map(map(mapsAt(parsed(kubeconfig), "users")[0]).user).exec);
}

function parsed(kubeconfig: string): JsonMap {
  const value: unknown = load(kubeconfig);
  return isRecord(value) && isJson(value) ? map(value) : {};
}
