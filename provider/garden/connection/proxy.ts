/** The proxy for a server: the kubeconfig's proxy-url, else HTTPS_PROXY except for NO_PROXY, as in kubectl. */

export function proxyFor(
  server: URL,
  proxyUrl: string | undefined,
  env: NodeJS.ProcessEnv,
): string | undefined {
  if (proxyUrl !== undefined) return proxyUrl;
  const proxy = variable(env, "HTTPS_PROXY");
  if (proxy === undefined || isExcepted(server, variable(env, "NO_PROXY") ?? "")) return undefined;
  return /^[a-z0-9]+:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
}

/** Without user and password. */
export function describeProxy(proxy: string): string {
  return URL.canParse(proxy) ? new URL(proxy).host : "that is configured";
}

function variable(env: NodeJS.ProcessEnv, name: string): string | undefined {
  return [env[name], env[name.toLowerCase()]].find((value) => value !== undefined && value !== "");
}

/** As in Go's golang.org/x/net/http/httpproxy: the environment's proxy is never used for loopback. */
function isExcepted(server: URL, noProxy: string): boolean {
  const host = server.hostname.replace(/^\[|\]$/g, "").toLowerCase();
  const port = server.port || "443";
  if (host === "localhost" || host === "::1" || host.startsWith("127.")) return true;
  return noProxy
    .split(",")
    .map((entry) => entry.trim().toLowerCase())
    .some((entry) => entry !== "" && matches(host, port, entry));
}

function matches(host: string, port: string, entry: string): boolean {
  if (entry === "*") return true;
  const network = /^(\d+\.\d+\.\d+\.\d+)\/(\d+)$/.exec(entry);
  if (network?.[1] !== undefined) return isInNetwork(host, network[1], Number(network[2]));
  const [, name = entry, onlyPort] = /^([^:]*):(\d+)$/.exec(entry) ?? [];
  if (onlyPort !== undefined && onlyPort !== port) return false;
  if (name.startsWith("*.")) return host.endsWith(name.slice(1));
  return name.startsWith(".") ? host.endsWith(name) : host === name || host.endsWith(`.${name}`);
}

function isInNetwork(host: string, network: string, bits: number): boolean {
  const address = toNumber(host);
  const base = toNumber(network);
  if (address === undefined || base === undefined || bits > 32) return false;
  const size = 2 ** (32 - bits);
  return Math.floor(address / size) === Math.floor(base / size);
}

function toNumber(address: string): number | undefined {
  const parts = /^\d+\.\d+\.\d+\.\d+$/.test(address) ? address.split(".").map(Number) : undefined;
  return parts?.reduce((sum, part) => sum * 256 + part, 0);
}
