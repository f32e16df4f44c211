import { PolicyPack, type ResourceValidationPolicy } from "@pulumi/policy";
import * as gardener from "pulumi-gardener";
import { expiringVersions, previewVersions } from "./versions";

/** The versions of an upgrade as they are checked: concrete, or "unmanaged". */
interface Upgrade {
  readonly shoot: string;
  readonly target: gardener.Target;
}

function upgradeOf(properties: Readonly<Record<string, unknown>>): Upgrade | undefined {
  const { shoot, kubernetesVersion, workers } = properties;
  // No other resource has these three.
  if (typeof shoot !== "string" || typeof kubernetesVersion !== "string") return undefined;
  if (typeof workers !== "object" || workers === null) return undefined;
  const pools: Record<string, gardener.WorkerVersions> = { ...workers };
  return { shoot, target: { kubernetesVersion, workers: pools } };
}

async function isProduction(id: string): Promise<boolean> {
  const [namespace = "", name] = id.split("/");
  const { shoots } = await gardener.getShoots({ namespace, purpose: "production" });
  return shoots.some((shoot) => shoot.name === name);
}

const noPreviewInProduction: ResourceValidationPolicy = {
  name: "no-preview-version-in-production",
  description: "Production clusters run no preview versions.",
  enforcementLevel: "mandatory",
  async validateResource({ props }, reportViolation) {
    const upgrade = upgradeOf(props);
    if (upgrade === undefined || !(await isProduction(upgrade.shoot))) return;
    const upgrades = await gardener.getUpgrades({ shoot: { id: upgrade.shoot } });
    for (const violation of previewVersions(upgrade.target, upgrades)) reportViolation(violation);
  },
};

const DAYS = 30;

const nothingThatExpires: ResourceValidationPolicy = {
  name: "nothing-that-expires-soon",
  description: "No cluster is left on a version that expires soon.",
  enforcementLevel: "advisory",
  configSchema: { properties: { days: { type: "integer", minimum: 1, default: DAYS } } },
  async validateResource({ props, getConfig }, reportViolation) {
    const upgrade = upgradeOf(props);
    if (upgrade === undefined) return;
    const { days = DAYS } = getConfig<{ days?: number }>();
    const upgrades = await gardener.getUpgrades({ shoot: { id: upgrade.shoot } });
    const violations = expiringVersions(upgrade.target, upgrades, days, new Date());
    for (const violation of violations) reportViolation(violation);
  },
};

new PolicyPack("gardener", { policies: [noPreviewInProduction, nothingThatExpires] });
