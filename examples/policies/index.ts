import {
  PolicyPack,
  type PolicyResource,
  type ResourceValidationPolicy,
  type StackValidationPolicy,
} from "@pulumi/policy";
import * as gardener from "pulumi-gardener";
import { crossingChannels, distantWaivers, type Declaration } from "./declarations";
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

interface Declared {
  readonly shoot: string;
  readonly declaration: Declaration;
  readonly urn: string;
}

/** The declaration is an output of the component, the Shoot one of the resource in it. */
function declarationsIn(resources: readonly PolicyResource[]): Declared[] {
  return resources.flatMap((resource) => {
    const properties: Readonly<Record<string, unknown>> = resource.props;
    const parent: Readonly<Record<string, unknown>> = resource.parent?.props ?? {};
    const { shoot } = properties;
    const { declaration } = parent;
    if (resource.parent?.type !== "gardener:index:ShootVersions" || typeof shoot !== "string") return [];
    return typeof declaration === "object" && declaration !== null
      ? [{ shoot, declaration, urn: resource.parent.urn }]
      : [];
  });
}

const noCrossingChannelInProduction: StackValidationPolicy = {
  name: "no-minor-crossing-channel-in-production",
  description: "Production clusters cross minors by a change of the program alone.",
  enforcementLevel: "mandatory",
  async validateStack({ resources }, reportViolation) {
    for (const { shoot, declaration, urn } of declarationsIn(resources)) {
      if (!(await isProduction(shoot))) continue;
      for (const violation of crossingChannels(declaration)) reportViolation(violation, urn);
    }
  },
};

const WAIVER_DAYS = 90;

const waiversCarryADate: StackValidationPolicy = {
  name: "waivers-carry-a-date",
  description: "No finding of the preflight checks is accepted for long.",
  enforcementLevel: "mandatory",
  configSchema: { properties: { days: { type: "integer", minimum: 1, default: WAIVER_DAYS } } },
  validateStack({ resources, getConfig }, reportViolation) {
    const { days = WAIVER_DAYS } = getConfig<{ days?: number }>();
    for (const { declaration, urn } of declarationsIn(resources)) {
      for (const violation of distantWaivers(declaration, days, new Date())) reportViolation(violation, urn);
    }
  },
};

new PolicyPack("gardener", {
  policies: [noPreviewInProduction, noCrossingChannelInProduction, nothingThatExpires, waiversCarryADate],
});
