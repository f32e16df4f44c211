/** What can go wrong between provider and garden, and what others do meanwhile: kinds as data. */

/** Kinds of requests, as the proxy tells them apart. */
export const traffics = [
  "read",
  "list",
  "watch",
  "profile",
  "dryRun",
  "write",
  "preparation",
  "kubeconfig",
  "other",
] as const;
export type Traffic = (typeof traffics)[number];

export type Fault =
  /** An error in the server's place; `forwarded`: the server has handled the request, and its response is lost. */
  | {
      readonly kind: "status";
      readonly code: number;
      /** As the server writes it, as a gateway does, or without a body. */
      readonly body: "native" | "page" | "none";
      readonly retryAfter?: number;
      readonly forwarded: boolean;
    }
  /** The connection is reset; `forwarded`: the answer is lost. */
  | { readonly kind: "reset"; readonly forwarded: boolean }
  /** The connection stays open, and no answer comes. */
  | { readonly kind: "noAnswer"; readonly forwarded: boolean }
  | { readonly kind: "delay"; readonly ms: number }
  /** The connection ends after this share of the body. */
  | { readonly kind: "cutShort"; readonly share: number }
  /** A read is answered with what was answered to the same one before. */
  | { readonly kind: "stale" }
  /** A watch ends after so many events. */
  | { readonly kind: "watchClosed"; readonly events: number }
  /** A watch stays open and tells nothing more after so many events. */
  | { readonly kind: "watchSilent"; readonly events: number }
  /** A watch ends with an event ERROR after so many events. */
  | { readonly kind: "watchError"; readonly code: number; readonly events: number };

/** Where a fault can be injected. */
export function suits(fault: Fault, traffic: Traffic): boolean {
  switch (fault.kind) {
    case "watchClosed":
    case "watchSilent":
    case "watchError":
      return traffic === "watch";
    case "stale":
      return traffic === "read" || traffic === "list";
    case "cutShort":
      return traffic !== "watch";
    case "status":
    case "reset":
    case "noAnswer":
      return !(fault.forwarded && traffic === "watch");
    case "delay":
      return true;
  }
}

/** Somebody else at work on the Shoot. */
export type Other =
  | "maintenance"
  | "otherFields"
  | "sameVersion"
  | "hold"
  | "hibernation"
  | "deletion"
  | "recreation"
  | "anotherUp"
  | "gardenlet:error-once"
  | "gardenlet:stale-success";

export type Effect =
  | { readonly kind: "fault"; readonly fault: Fault; readonly requests: number }
  /** The fault is injected into all requests of the kind for so long, by the provider's clock. */
  | { readonly kind: "period"; readonly fault: Fault; readonly ms: number }
  /** Nothing can be reached, neither the garden nor the Shoot's own API. */
  | { readonly kind: "outage"; readonly ms: number }
  /** The Shoot's own API alone is away. */
  | { readonly kind: "shootOutage"; readonly ms: number }
  | { readonly kind: "other"; readonly other: Other };

/** Begins with the nth request of its kind, before that is passed on. */
export interface Disturbance {
  readonly traffic: Traffic | "any";
  readonly nth: number;
  readonly effect: Effect;
}

export function describe({ traffic, nth, effect }: Disturbance): string {
  return `${traffic} #${nth}: ${describeEffect(effect)}`;
}

function describeEffect(effect: Effect): string {
  switch (effect.kind) {
    case "fault":
      return `${describeFault(effect.fault)}${effect.requests === 1 ? "" : `, ${effect.requests} times`}`;
    case "period":
      return `${describeFault(effect.fault)} for ${effect.ms / 1000} s`;
    case "outage":
      return `nothing can be reached for ${effect.ms / 1000} s`;
    case "shootOutage":
      return `the Shoot's API cannot be reached for ${effect.ms / 1000} s`;
    case "other":
      return effect.other;
  }
}

function describeFault(fault: Fault): string {
  const after = "forwarded" in fault && fault.forwarded ? " after forwarding" : "";
  switch (fault.kind) {
    case "status": {
      const retry = fault.retryAfter === undefined ? "" : `, Retry-After ${fault.retryAfter}`;
      return `${fault.code} (${fault.body}${retry})${after}`;
    }
    case "delay":
      return `delay ${fault.ms / 1000} s`;
    case "cutShort":
      return `cut short at ${Math.round(fault.share * 100)} %`;
    case "watchError":
      return `watchError ${fault.code} after ${fault.events} events`;
    case "watchClosed":
    case "watchSilent":
      return `${fault.kind} after ${fault.events} events`;
    case "reset":
    case "noAnswer":
    case "stale":
      return `${fault.kind}${after}`;
  }
}
