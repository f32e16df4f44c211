/** The paths of version 2, and the one of version 3, and what they do. */
import { issueKubeconfig } from "../api/kubeconfig";
import type { GardenServer } from "../garden";
import { at, type Json, type JsonMap, textAt } from "../json";
import type { Identities, Credentials } from "./accounts";
import { renderCloudProfile } from "./cloudprofile";
import { actions, type Change, demandVersion, shootChange, workerChange } from "./edits";
import { busy, malformed, noSuchPath, notFound } from "./failure";
import type { Gate, GateStep } from "./gate";
import { type Labels, present } from "./shape";
import type { Shoots } from "./shoots";
import type { Views } from "./views";

export interface Call {
  readonly method: string;
  /** Between slashes, decoded. */
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
  readonly gate: Gate;
  /** There is no version 3. */
  readonly rawKubeconfig: boolean;
  readonly labels: Labels;
  /** 409 for any change while the Shoot is being reconciled. */
  readonly strictlyOneChange: boolean;
}

/** Throws a 404 where there is no such path. */
export type Route = (call: Call) => Answer | Promise<Answer>;

const GATE: Readonly<Record<string, GateStep>> = {
  "GET check": "check",
  "PUT prepare": "prepare",
  "PATCH revert": "revert",
};

export function createRoute(parts: RouteParts): Route {
  const { identities, shoots, views, gate, project } = parts;

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
    const [, version, cloud = "", kind, first = "", second = "", name, ...rest] = call.steps;
    const kubeconfigOnly = version === "v3";
    if (kubeconfigOnly && (parts.rawKubeconfig || call.method !== "POST" || rest[0] !== "admin-kubeconfig")) {
      throw noSuchPath();
    }
    if (cloud !== project.cloud) throw notFound(`Cloud ${cloud}`);
    const reading = call.method === "GET";
    if (kind === "cloud-profiles" && first === "" && reading) {
      return { code: 200, body: shoots.cloudProfiles().map(renderCloudProfile) };
    }
    if (kind !== "shoots" || second === "") throw noSuchPath();
    if (second === "is-name-taken" && name === undefined && reading) {
      return { code: 200, body: { is_taken: shoots.exists(first) } };
    }
    // Cleura distinguishes "Sto2" from "sto2".
    if (first !== project.region) throw notFound(`Region ${first}`);
    if (second !== project.projectId) throw notFound(`Project ${second}`);
    if (name !== undefined) return single(call, name, rest);
    if (!reading) throw noSuchPath();
    return { code: 200, body: shoots.list().map(views.show) };
  }

  function single(call: Call, name: string, rest: readonly string[]): Answer | Promise<Answer> {
    const { method, body } = call;
    const shoot = shoots.get(name);
    const [what, which = "", ...more] = rest;
    if (more.length > 0) throw noSuchPath();
    if (what === undefined && method === "GET") return { code: 200, body: views.show(shoot) };
    if (what === undefined && method === "PATCH") return edit(name, body);
    if (what === "workers" && which !== "" && method === "PUT") {
      return accepted(change(name, workerChange(which, body, parts.labels), shoots.writePool));
    }
    if (what === "upgrade") return { code: 200, body: upgradeAnswer(call, name, which) };
    if (which !== "") throw noSuchPath();
    if (what === "admin-kubeconfig" && method === "POST") return kubeconfig(call, name);
    const action = actions[what ?? ""];
    if (action === undefined || method !== "PATCH") throw noSuchPath();
    return accepted(shoots.write(name, action));
  }

  function edit(name: string, body: Json | undefined): Answer {
    const target = shootChange(body);
    const version = textAt(body, "kubernetes");
    // The garden's objections come first: who may not go there needs no preparation.
    const outcome = shoots.trial(name, target);
    if (version !== "") gate.pass(name, textAt(outcome, "spec", "kubernetes", "version"));
    return accepted(change(name, target, shoots.write));
  }

  function change(name: string, target: Change, write: Shoots["write"]): JsonMap {
    if (parts.strictlyOneChange && shoots.isBusy(name)) throw busy(name);
    return write(name, target);
  }

  const accepted = (shoot: JsonMap): Answer => ({ code: 202, body: views.show(shoot) });

  function upgradeAnswer({ method, query }: Call, name: string, which: string): JsonMap {
    const step = GATE[`${method} ${which}`];
    if (step === undefined) throw noSuchPath();
    const version = demandVersion("target_version", query.target_version ?? "");
    const { outcome, details, upgradeNotes } = gate.ask(step, name, version);
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
    return {
      code: 201,
      body: { kubeconfig: yaml, expires_at: textAt(issued, "status", "expirationTimestamp") },
    };
  }

  return (call) => {
    const [service, version] = call.steps;
    if (version === "v2" && service === "auth") return tokens(call);
    if ((version === "v2" || version === "v3") && service === "gardener") return gardener(call);
    if (call.method === "GET" && call.steps.join("/") === "identity/v2/current-user") {
      identities.authenticate(call.credentials);
      return { code: 200, body: identities.profile(call.credentials.login) };
    }
    throw noSuchPath();
  };
}
