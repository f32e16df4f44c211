/** Whether a program means a Gardener API server or Cleura's REST API. */
import { cleuraFields, type GardenLocation } from "../model/location";
import type { ConnectionSources } from "./connection";

const cleuraKeys = Object.values(cleuraFields).map(({ config }) => config);
const kubeconfigKeys = ["gardener:kubeconfig", "gardener:kubeconfigPath"];

/**
 * The program's arguments, then the stack's configuration, in which a kubeconfig has precedence. Never the
 * environment: CLEURA_REGION may be set for another tool.
 */
export function kindOf(location: GardenLocation, { config }: ConnectionSources): "gardener" | "cleura" {
  if (location.cleura !== undefined) return "cleura";
  if (location.kubeconfig !== undefined || kubeconfigKeys.some((key) => isSet(config(key))))
    return "gardener";
  return cleuraKeys.some((key) => isSet(config(key))) ? "cleura" : "gardener";
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value.trim() !== "";
}
