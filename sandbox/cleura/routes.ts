/** The paths of version 2, and the one of version 3, and what they do. */
import { issueKubeconfig } from "../api/kubeconfig";
import type { GardenServer } from "../garden";
import { at, type Json, type JsonMap, textAt } from "../json";
import type { Credentials, Identities } from "./accounts";
import { type Change, requireVersion, shootChange, workerChange } from "./edits";
import { busy, malformed, noSuchPath, notFound } from "./failure";
import type { Preparations, UpgradeCall } from "./preparation";
import { present, renderCloudProfile } from "./render";
import type { Shoots } from "./shoots";
import type { Views } from "./views";

export interface Call {
  readonly method: string;
  /** The parts of the path, decoded. */
  readonly steps: readonly string[];
  readonly query: Readonly<Record<string, string>>;
  readonly body: Json | undefined;
  readonly credentials: Credentials;
}

export interface Answer {
  readonly code: number;
  /** Absent: none. A text is YAML. */
  readonly body?: Json;
}

export interface RouteParts {
  readonly garden: GardenServer;
  readonly namespace: string;
  readonly project: { readonly cloud: string; readonly region: string; readonly projectId: string };
  readonly identities: Identities;
  readonly shoots: Shoots;
  readonly views: Views;
  readonly preparations: Preparations;
  /** There is no version 3. */
  readonly rawKubeconfig: boolean;
  /** 409 for any change while the Shoot is being reconciled. */
  readonly strictlyOneChange: boolean;
}

/** Refuses with 404 where there is no such path. */
export type Route = (call: Call) => Answer | Promise<Answer>;

const UPGRADE_CALLS: Readonly<Record<string, UpgradeCall>> = {
  "GET check": "check",
  "PUT prepare": "prepare",
  "PATCH revert": "revert",
};

export function createRoute(parts: RouteParts): Route {
  const { identities, shoots, views, preparations, project } = parts;

  function tokens({ method, steps, body, credentials }: Call): Answer {
    const what = `${method} ${steps.slice(2).join("/")}`;
    if (what === "POST tokens") return { code: 201, body: identities.login(body) };
    if (what !== "POST tokens/validate" && what !== "DELETE tokens") throw noSuchPath();
    identities.authenticate(credentials);
    if (method === "DELETE") identities.revoke(credentials);
    return { code: 204 };
  }

  function gardener(call: Call): Answer | Promise<Answer> {
    identities.authenticate(call.credentials);
    identities.authorize(call.credentials.login);
    const [, version, cloud = "", kind, region = "", projectId = "", name, ...rest] = call.steps;
    if (
      version === "v3" &&
      (parts.rawKubeconfig || `${call.method} ${rest[0]}` !== "POST admin-kubeconfig")
    ) {
      throw noSuchPath();
    }
    if (cloud !== project.cloud) throw notFound(`Cloud ${cloud}`);
    const isRead = call.method === "GET";
    if (kind === "cloud-profiles" && region === "" && isRead) {
      return { code: 200, body: shoots.cloudProfiles().map(renderCloudProfile) };
    }
    if (kind !== "shoots" || projectId === "") throw noSuchPath();
    // Cleura distinguishes "Sto2" from "sto2".
    if (region !== project.region) throw notFound(`Region ${region}`);
    if (projectId !== project.projectId) throw notFound(`Project ${projectId}`);
    if (name !== undefined) return single(call, name, rest);
    if (!isRead) throw noSuchPath();
    return { code: 200, body: shoots.list().map(views.show) };
  }

  function single(call: Call, name: string, rest: readonly string[]): Answer | Promise<Answer> {
    const { method, body } = call;
    const shoot = shoots.get(name);
    const [what, which = "", ...more] = rest;
    if (more.length > 0) throw noSuchPath();
    if (what === undefined && method === "GET") return { code: 200, body: views.show(shoot) };
    if (what === undefined && method === "PATCH") return change(name, shootChange(body), shoots.write);
    if (what === "workers" && which !== "" && method === "PUT") {
      return change(name, workerChange(which, body), shoots.writePool);
    }
    if (what === "upgrade") return { code: 200, body: upgradeAnswer(call, name, which) };
    if (which !== "") throw noSuchPath();
    if (what === "admin-kubeconfig" && method === "POST") return kubeconfig(call, name);
    throw noSuchPath();
  }

  const accepted = (shoot: JsonMap): Answer => ({ code: 202, body: views.show(shoot) });

  function change(name: string, target: Change, write: Shoots["write"]): Answer {
    if (parts.strictlyOneChange && shoots.isBusy(name)) throw busy(name);
    return accepted(write(name, target));
  }

  function upgradeAnswer({ method, query }: Call, name: string, which: string): JsonMap {
    const call = UPGRADE_CALLS[`${method} ${which}`];
    if (call === undefined) throw noSuchPath();
    const version = requireVersion("target_version", query.target_version ?? "");
    const { outcome, details, upgradeNotes } = preparations.answer(call, name, version);
    return present({ outcome, details: [...details], upgrade_notes: upgradeNotes });
  }

  async function kubeconfig({ steps, body }: Call, name: string): Promise<Answer> {
    const { garden, namespace } = parts;
    const expirationSeconds = at(body, "expiration_seconds");
    if (typeof expirationSeconds !== "number" || !Number.isInteger(expirationSeconds)) {
      throw malformed([{ key: "expiration_seconds", value: "must be an integer" }]);
    }
    const issued = await issueKubeconfig(garden.store, garden.users, {
      level: "admin",
      namespace,
      name,
      body: { spec: { expirationSeconds } },
      user: shoots.user,
    });
    const yaml = Buffer.from(textAt(issued, "status", "kubeconfig"), "base64").toString("utf8");
    if (steps[1] === "v2") return { code: 201, body: yaml };
    const expiry = textAt(issued, "status", "expirationTimestamp");
    return { code: 201, body: { kubeconfig: yaml, expires_at: expiry } };
  }

  return (call) => {
    const [service, version] = call.steps;
    if (version === "v2" && service === "auth") return tokens(call);
    if ((version === "v2" || version === "v3") && service === "gardener") return gardener(call);
    throw noSuchPath();
  };
}

/** Of a server before version 2, enough to distinguish it: it validates tokens. */
export function createV1Route({ identities }: RouteParts): Route {
  return ({ steps, credentials }) => {
    if (steps.join("/") !== "auth/v1/tokens/validate") throw noSuchPath();
    identities.authenticate(credentials);
    return { code: 204 };
  };
}
