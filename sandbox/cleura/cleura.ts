/**
 * Cleura Cloud's REST API in front of the sandbox's garden: the same Shoots, as Cleura's customers
 * reach them. A simulation, written from Cleura's description of that API and from its clients.
 */
import { randomBytes } from "node:crypto";
import type { GardenServer } from "../garden";
import { HOSTS, type HttpServer } from "../http";
import type { JsonMap } from "../json";
import { createCa, issueServer } from "../pki";
import { PROJECT } from "../worlds/demo";
import { projectNamespace } from "../worlds/objects";
import { type Account, type Accounts, createIdentities, type TokenLife } from "./accounts";
import { createGate, type GateControls, type GateOptions } from "./gate";
import { createRoute } from "./routes";
import { type CleuraCall, startServer } from "./server";
import { createShoots } from "./shoots";
import type { Labels } from "./shape";
import { renderShoot } from "./shoot";
import { createV1Route } from "./v1";
import { createViews, type Staleness } from "./views";

export interface CleuraOptions {
  /** 0, the default: a free one. */
  readonly port?: number;
  /** Whose Shoots are shown; the demo's by default. */
  readonly namespace?: string;
  readonly cloud?: string;
  readonly region?: string;
  readonly projectId?: string;
  /** `v1`: a server that does not know version 2. */
  readonly api?: "v1" | "v2";
  readonly tokenLife?: TokenLife;
  /** 403 by default, as real clients see it; 401 is what Cleura describes. */
  readonly deadToken?: 401 | 403;
  /** 300 ms at speed 1 by default, without the specification. */
  readonly staleness?: Staleness;
  /** A preparation is pending for a second at speed 1; what was not prepared is accepted. */
  readonly gate?: GateOptions;
  /** `pools`, the default: 409 for a worker group while another change of them is in progress. `any`: for any change. */
  readonly conflicts?: "pools" | "any";
  /** Version 3, which has kubeconfigs in JSON, is not there. */
  readonly rawKubeconfig?: boolean;
  /**
   * `maps`: as described in April 2026, which private clouds may still run. Labels and annotations are
   * shown as maps, and a PUT of a worker group has to name its machine, image and volume.
   */
  readonly labels?: Labels;
}

/** What it shares with the garden behind it. */
export interface Surroundings {
  readonly now?: () => Date;
  readonly speed?: number;
  readonly featureGates?: readonly string[];
}

export type { Account };

export interface CleuraServer extends Account, HttpServer<CleuraCall> {
  /** PEM of the authority that signed the server's certificate. */
  readonly ca: string;
  readonly cloud: string;
  readonly region: string;
  readonly projectId: string;
  /** The handle's own username, password and token are those of `plain`. */
  readonly accounts: Accounts;
  readonly gate: GateControls;
  setStaleness(staleness: Staleness): void;
  /** What was written is seen from now on. */
  endStaleness(): void;
  /** All tokens that there are, those of the accounts, too. */
  expireTokens(): void;
  /** A new one, as if it were made in the control panel. */
  issueToken(username?: string): string;
}

const STALE_MS = 300;
const PREPARATION_MS = 1000;

export async function startCleura(
  garden: GardenServer,
  options: CleuraOptions = {},
  { now = () => new Date(), speed = 1, featureGates = [] }: Surroundings = {},
): Promise<CleuraServer> {
  const project = {
    cloud: options.cloud ?? "public",
    region: options.region ?? "Sto2",
    projectId: options.projectId ?? randomBytes(16).toString("hex"),
  };
  const namespace = options.namespace ?? projectNamespace(PROJECT);
  const identities = createIdentities(options.tokenLife ?? {}, options.deadToken ?? 403);
  const labels = options.labels ?? "lists";
  const show = (shoot: JsonMap) => renderShoot(shoot, project.region, labels);
  const views = createViews(show, now, options.staleness ?? { milliseconds: STALE_MS / speed });
  const shoots = createShoots({ garden, namespace, views, now, featureGates });
  const gate = createGate(shoots, {
    preparationMilliseconds: options.gate?.preparationMilliseconds ?? PREPARATION_MS / speed,
    unprepared: options.gate?.unprepared ?? "accepted",
  });
  const parts = {
    garden,
    namespace,
    project,
    identities,
    shoots,
    views,
    gate,
    rawKubeconfig: options.rawKubeconfig ?? false,
    labels,
    strictlyOneChange: options.conflicts === "any",
  };
  const ca = await createCa("sandbox Cleura");
  const server = await startServer({
    port: options.port,
    tls: await issueServer(ca, { hosts: HOSTS }),
    route: options.api === "v1" ? createV1Route(parts) : createRoute(parts),
    now,
  });
  const { plain } = identities.accounts;
  return {
    ...plain,
    ...project,
    ...server,
    ca: ca.certificate,
    accounts: identities.accounts,
    gate: gate.controls,
    setStaleness: views.setStaleness,
    endStaleness: views.endStaleness,
    expireTokens: identities.expire,
    issueToken: (username = plain.username) => identities.issue(username),
  };
}
