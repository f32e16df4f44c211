/** Cleura's API on loopback with the routes of a test, and connections to it. */
import { openCleura, type CleuraEndpoint } from "../../../../provider/garden/cleura";
import { createCleuraClient, type CleuraClient } from "../../../../provider/garden/cleura/client";
import type { Connection, ConnectionSources } from "../../../../provider/garden/connection";
import type { Clock } from "../../../../provider/model/clock";
import { sendJson, startApiServer, testCa, type ApiServer, type Route } from "../support/api-server";
import { createFolder, type Folder } from "../support/kubeconfigs";
import { fakeCleura } from "./command";

type Settings = Readonly<Record<string, string>>;

/** Without a `cleura` command. */
export function sourcesOf(env: NodeJS.ProcessEnv, config: Settings = {}): ConnectionSources {
  return { env: { PATH: "", ...env }, config: (key) => config[key] };
}

export const endpointAt = (url: string): CleuraEndpoint => ({
  cloud: "public",
  region: "Sto2",
  projectId: "p1",
  url,
});

export interface FakeApi {
  readonly server: ApiServer;
  readonly folder: Folder;
  /** What was slept, in milliseconds; no time passes otherwise. */
  readonly slept: number[];
  open(env: NodeJS.ProcessEnv, config?: Settings, url?: string): Promise<Connection>;
  client(connection: Connection): CleuraClient;
  /** The PATH of a command that is logged in here. */
  command(prints?: Readonly<Record<string, unknown>> | string, exitCode?: number): Promise<string>;
  close(): Promise<void>;
}

export async function startFakeApi(): Promise<FakeApi> {
  const server = await startApiServer();
  const folder = await createFolder();
  const authority = await folder.write("ca.pem", (await testCa()).certificate);
  const slept: number[] = [];
  let now = 0;
  const clock: Clock = {
    now: () => new Date(now),
    sleep(ms) {
      slept.push(ms);
      now += ms;
      return Promise.resolve();
    },
  };
  return {
    server,
    folder,
    slept,
    open: (env, config, url = server.url) =>
      openCleura(
        endpointAt(url),
        sourcesOf(
          { NODE_EXTRA_CA_CERTS: authority, CLEURA_API_URL: url, ...env },
          { "gardener:cleuraUrl": url, ...config },
        ),
        clock,
      ),
    client: (connection) =>
      createCleuraClient(endpointAt(server.url), connection, { clock, timeoutMs: 5_000, retryMs: 1 }),
    command: (prints = {}, exitCode = 0) => {
      const text = typeof prints === "string" ? prints : { endpoint: server.url, ...prints };
      return fakeCleura(folder, text, exitCode);
    },
    async close() {
      await server.close();
      await folder.remove();
    },
  };
}

export const answer =
  (code: number, body: unknown, headers: Record<string, string> = {}): Route =>
  (_seen, response) =>
    sendJson(response, body, code, headers);

export const page =
  (code: number): Route =>
  (_seen, response) => {
    response.writeHead(code, { "content-type": "text/html" });
    response.end("<html>s3cr3t</html>");
  };

/** Accepts requests with one of these tokens. */
export const admitting =
  (...tokens: readonly string[]): Route =>
  (seen, response) => {
    const admitted = tokens.includes(String(seen.headers["x-auth-token"]));
    if (admitted) sendJson(response, { fine: true });
    else sendJson(response, { error: { code: 401, message: "Unauthorized" } }, 401);
  };

/** As {@link admitting}, with the status that real servers return instead of 401. */
export const admittingOnly =
  (...tokens: readonly string[]): Route =>
  (seen, response) => {
    const admitted = tokens.includes(String(seen.headers["x-auth-token"]));
    if (admitted) sendJson(response, { fine: true });
    else sendJson(response, { error: { code: 403, message: "Invalid token" } }, 403);
  };

export const LOGIN = "POST /auth/v2/tokens";
export const PROFILES = "GET /gardener/v2/public/cloud-profiles";
