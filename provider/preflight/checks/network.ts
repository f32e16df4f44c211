/**
 * Whether the Shoot's networks have room for the surge nodes. Gardener's validation counts the maxima of the pools alone; each node
 * takes a part of the pod network (kubeControllerManager.nodeCIDRMaskSize, 24 by default) and an address of the node network.
 */
import type { Finding } from "../../model/preflight";
import { shootId } from "../../model/shoot";
import { surgeOf } from "../../plan";
import { finding, type Rule } from "../rule";
import type { Inspected } from "./check";

const noRoom: Rule = { check: "shoot", name: "networkTooSmall", severity: { nodeRoll: "warn" } };

/** Clouds keep addresses of a subnet for themselves: AWS and Azure five. */
const RESERVED_ADDRESSES = 5;

export function networkFindings({ work, shoot }: Inspected): readonly Finding[] {
  const { networks } = shoot;
  if (networks === undefined) return [];
  const nodes = shoot.workers.reduce(
    (total, pool) => total + pool.maximum + (work.drained.has(pool.name) ? surgeOf(pool) : 0),
    0,
  );
  const limits = [
    { name: "pod", network: networks.pods, room: roomOf(networks.pods, networks.nodeCidrMaskSize) },
    { name: "node", network: networks.nodes, room: roomOf(networks.nodes, 32, RESERVED_ADDRESSES) },
  ];
  return limits.flatMap(({ name, network, room }) =>
    room === undefined || network === undefined || nodes <= room
      ? []
      : finding(noRoom, work, {
          object: { kind: "Shoot", name: shootId(shoot.ref) },
          part: name,
          found: `with the surge of this roll up to ${nodes} nodes run, and the ${name} network ${network} has room for ${room}`,
          why: "surge nodes beyond that do not become ready, and the rollout stands still",
          action: "reduce maxSurge, or the maximum of a pool, for the time of the rollout",
        }),
  );
}

/** Of IPv4 networks. */
function roomOf(network: string | undefined, prefixOfNode: number, reserved = 0): number | undefined {
  const prefix = /^\d+\.\d+\.\d+\.\d+\/(\d+)$/.exec(network ?? "")?.[1];
  return prefix === undefined ? undefined : 2 ** (prefixOfNode - Number(prefix)) - reserved;
}
