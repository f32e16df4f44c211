/** What all requests to Cleura's API share: the certificate authorities that they trust, and the proxy. */
import { readFile } from "node:fs/promises";
import type { RequestOptions } from "node:https";
import { rootCertificates } from "node:tls";
import { createClientLibrary, keepAliveAgent } from "../../connection/index";
import { unreachableFailure, type ServerDescription } from "../../http/index";

export async function baseOptions(
  server: ServerDescription,
  proxy: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<RequestOptions> {
  const extra = await extraAuthorities(env);
  const base: RequestOptions = {
    ...(extra !== undefined && { ca: [...rootCertificates, extra] }),
    // Set explicitly, so that NODE_TLS_REJECT_UNAUTHORIZED cannot turn it off.
    rejectUnauthorized: true,
    agent: keepAliveAgent(),
  };
  if (proxy === undefined) return base;
  if (!URL.canParse(proxy) || !/^(https?|socks[45]?[ah]?):$/.test(new URL(proxy).protocol)) {
    throw unreachableFailure(server, "HTTPS_PROXY is not an http, https or socks address");
  }
  const throughProxy = { context: "cleura", server: server.server, identity: { kind: "plain" } } as const;
  return createClientLibrary("HTTPS_PROXY").apply(throughProxy, base, proxy);
}

/**
 * A private cloud's authority. Node reads NODE_EXTRA_CA_CERTS when it starts, and a program that runs
 * inside another one, as with Pulumi's Automation API, receives it later.
 */
async function extraAuthorities(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const path = env["NODE_EXTRA_CA_CERTS"];
  return path === undefined || path === "" ? undefined : readFile(path, "utf8").catch(() => undefined);
}
