/**
 * Exec plugins, auth providers and proxies, by means of @kubernetes/client-node. It takes half a second
 * to load, so it is loaded only where one of them is configured.
 */
import { Agent, type RequestOptions } from "node:https";
import type { Cluster, KubeConfig, User } from "@kubernetes/client-node";
import { UserError } from "../../model/problem";
import { malformed } from "./entry";
import type { ExecPlugin, Identity } from "./identity";
import type { Kubeconfig } from "./kubeconfig";
import { describeProxy } from "./proxy";

/** Enough for a person to log in in the browser that a plugin opens. */
const PLUGIN_TIMEOUT_MS = 5 * 60_000;

export interface ClientLibrary {
  /** `base` with the credentials of the plugin and, where there is a proxy, an agent for it. */
  apply(kubeconfig: Kubeconfig, base: RequestOptions, proxy: string | undefined): Promise<RequestOptions>;
}

/** Keeps a plugin's credentials until they expire; a new one has none. */
export function createClientLibrary(origin: string): ClientLibrary {
  let cached: { readonly key: string; readonly config: KubeConfig } | undefined;

  async function configFor(kubeconfig: Kubeconfig, base: RequestOptions, proxy: string | undefined) {
    const cluster: Cluster = {
      name: "garden",
      server: kubeconfig.server.href,
      skipTLSVerify: false,
      tlsServerName: kubeconfig.tlsServerName,
      proxyUrl: proxy,
    };
    const user = userOf(kubeconfig, base, proxy);
    const key = JSON.stringify([cluster, user]);
    if (cached?.key === key) return cached.config;
    const { KubeConfig } = await import("@kubernetes/client-node");
    const config = new KubeConfig();
    config.loadFromClusterAndUser(cluster, user);
    cached = { key, config };
    return config;
  }

  return {
    async apply(kubeconfig, base, proxy) {
      checkProxy(proxy, origin);
      const config = await configFor(kubeconfig, base, proxy);
      const options: RequestOptions = { ...base };
      const applied = config.applyToHTTPSOptions(options).catch((error: unknown) => {
        throw pluginFailure(kubeconfig.identity, error);
      });
      await withTimeout(applied, kubeconfig.identity);
      // Without a proxy its agent is not needed; it would keep no connection open.
      if (proxy === undefined) delete options.agent;
      return options;
    },
  };
}

function userOf(kubeconfig: Kubeconfig, base: RequestOptions, proxy: string | undefined): User {
  const { identity } = kubeconfig;
  switch (identity.kind) {
    case "plain":
      return { name: "plain" };
    case "exec":
      return { name: "exec", exec: execEntry(kubeconfig, identity.plugin, base, proxy) };
    case "authProvider":
      return { name: "auth-provider", authProvider: structuredClone(identity.provider) };
  }
}

/**
 * client-node does not set KUBERNETES_EXEC_INFO, which client-go always sets and gardenlogin needs
 * (k8s.io/client-go/plugin/pkg/client/auth/exec).
 */
function execEntry(
  kubeconfig: Kubeconfig,
  plugin: ExecPlugin,
  base: RequestOptions,
  proxy: string | undefined,
) {
  const cluster = {
    server: kubeconfig.server.href.replace(/\/$/, ""),
    "tls-server-name": kubeconfig.tlsServerName,
    "certificate-authority-data":
      typeof base.ca === "string" ? Buffer.from(base.ca).toString("base64") : undefined,
    "proxy-url": proxy,
    config: kubeconfig.execExtension,
  };
  const info = {
    apiVersion: plugin.apiVersion ?? "client.authentication.k8s.io/v1",
    kind: "ExecCredential",
    spec: { interactive: false, ...(plugin.provideClusterInfo ? { cluster } : {}) },
  };
  const env = [...plugin.env, { name: "KUBERNETES_EXEC_INFO", value: JSON.stringify(info) }];
  return { command: plugin.command, args: [...plugin.args], env };
}

async function withTimeout(applied: Promise<void>, identity: Identity): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    const late = `did not finish within ${PLUGIN_TIMEOUT_MS / 60_000} minutes`;
    timer = setTimeout(() => reject(failed(identity, late)), PLUGIN_TIMEOUT_MS);
  });
  try {
    await Promise.race([applied, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * client-node rejects with the error of spawn, with an Error that contains all of stderr where the exit
 * code is not 0, with JSON.parse's error (which quotes the output), or with a TypeError where `status` is
 * missing. Output may contain a token, so the message repeats none of it.
 */
function pluginFailure(identity: Identity, error: unknown): UserError {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return failed(identity, "is not installed, or not on the PATH of this process");
  if (code === "EACCES") return failed(identity, "is not executable for this user");
  if (error instanceof SyntaxError || error instanceof TypeError) {
    return failed(identity, "succeeded, but its output is no ExecCredential with a status");
  }
  return failed(identity, "ended with an error");
}

function failed(identity: Identity, reason: string): UserError {
  if (identity.kind === "exec") {
    const call = callOf(identity.plugin);
    return new UserError(
      "GU012",
      `The kubeconfig's exec plugin ${call} ${reason}. Run it by hand to see its output, which is not repeated here ` +
        "as it may contain credentials. It runs without a terminal: log in beforehand if it requires a login.",
    );
  }
  const name = identity.kind === "authProvider" ? identity.name : "plain";
  return new UserError(
    "GU012",
    `The kubeconfig's auth-provider ${name} ${reason}. Log in with it again, for example with kubectl.`,
  );
}

/** The command and its subcommand; further arguments may be secrets, such as --oidc-client-secret. */
function callOf(plugin: ExecPlugin): string {
  const subcommand = plugin.args[0];
  const shown = subcommand !== undefined && /^[a-z][a-z-]{0,40}$/.test(subcommand) ? ` ${subcommand}` : "";
  return `\`${plugin.command}${shown}\``;
}

function checkProxy(proxy: string | undefined, origin: string): void {
  if (proxy === undefined) return;
  const supported = URL.canParse(proxy) && /^(https?|socks[45]?[ah]?):$/.test(new URL(proxy).protocol);
  if (supported) return;
  throw malformed(origin, `its proxy ${describeProxy(proxy)} is not an http, https or socks address`);
}

/** So many requests run at once per garden. */
export const GARDEN_SOCKETS = 32;

/** Closes the connections that wait for a read, and each other one after its read: no other read comes. */
export function retire(agent: Agent): void {
  agent.maxFreeSockets = 0;
  for (const free of Object.values(agent.freeSockets)) for (const socket of free ?? []) socket.destroy();
}

/** Keeps connections without a proxy for the next read. */
export function keepAliveAgent(maxSockets = GARDEN_SOCKETS): Agent {
  return new Agent({ keepAlive: true, maxSockets });
}
