/** From the declared machine image versions to the concrete one of each worker pool. */
import type { CloudProfile } from "../model/cloudprofile";
import type { AllowedDowngrade, Declaration, DeclaredVersion } from "../model/declaration";
import type { MachineImageChannel } from "../model/enums";
import { entryOf } from "../model/json";
import { UNMANAGED } from "../model/plan";
import type { Problem } from "../model/problem";
import { effectiveKubernetesVersion, shootId, type Shoot, type WorkerPool } from "../model/shoot";
import type { Reaches } from "./between";
import { find, newest, preferred, withClassification } from "./catalogue";
import { goDown, withoutEffect } from "./downgrade";
import { newerThanDeclared, compareToDeclared, withPrefix } from "./floor";
import { merged, type Finding } from "./findings";
import { heldBackPools } from "./heldBack";
import {
  choices,
  choose,
  chosen,
  offered,
  suitable,
  type ImageContext,
  type PoolResolution,
} from "./imageChoice";
import { unsuitableToStay } from "./suitability";
import { isNewer, parsePrefix, parseVersion, sameMajor, sameMinor } from "./versions";

export interface ImageResolution {
  /** By pool: the running version, a newer one, an older one that is allowed, or "unmanaged". */
  readonly versions: ReadonlyMap<string, string>;
  /** Pools whose version goes down. */
  readonly downgrades: readonly string[];
  readonly problems: readonly Problem[];
}

/**
 * @param controlPlane the Kubernetes version that the control plane will run.
 * @param kubernetesProperty where it is declared, for messages.
 */
export function resolveImages(
  declaration: Declaration,
  shoot: Shoot,
  profile: CloudProfile,
  now: Date,
  controlPlane: string,
  kubernetesProperty: string,
  reaches: Reaches,
): ImageResolution {
  const heldBack = declaration.kubernetes === undefined ? new Map() : heldBackPools(shoot);
  const kubeletOf = ({ name, kubernetesVersion: pin }: WorkerPool): string =>
    heldBack.has(name) ? controlPlane : (pin ?? controlPlane);
  const resolved = shoot.workers.map((pool) => {
    const declared = declarationFor(declaration, pool.name);
    const kubelet = kubeletOf(pool);
    const context = { declaration, shoot, profile, now, pool, kubelet, reaches };
    const resolution = declared === undefined ? unmanaged : resolve(declared, context);
    return { context, declared, resolution };
  });
  const upgrades = isNewer(controlPlane, shoot.kubernetesVersion);
  const writes =
    upgrades ||
    resolved.some(
      ({ context, resolution: { version, goesDown } }) =>
        goesDown === true || isNewer(version, context.pool.machineImage.version),
    );
  const found = resolved.map(({ context, declared, resolution }) => {
    const property = declared?.property ?? (upgrades ? kubernetesProperty : undefined);
    const current = writes ? unsuitableCurrent(resolution, property, context) : [];
    return { pool: context.pool.name, findings: [...resolution.findings, ...current] };
  });
  return {
    versions: new Map(resolved.map(({ context, resolution }) => [context.pool.name, resolution.version])),
    downgrades: resolved.flatMap(({ context, resolution }) =>
      resolution.goesDown === true ? [context.pool.name] : [],
    ),
    problems: merged(found),
  };
}

interface PoolDeclaration {
  readonly declaration: DeclaredVersion<MachineImageChannel>;
  readonly property: string;
  readonly allowDowngrade?: AllowedDowngrade;
}

/** A pool's own declaration takes precedence over the one for all. */
function declarationFor(declaration: Declaration, pool: string): PoolDeclaration | undefined {
  const { machineImage: own, allowDowngrade } = entryOf(declaration.workers, pool) ?? {};
  if (own !== undefined) {
    const property = `workers["${pool}"].machineImage.${own.kind}`;
    return { declaration: own, property, ...(allowDowngrade && { allowDowngrade }) };
  }
  const { machineImage } = declaration;
  return machineImage && { declaration: machineImage, property: `machineImage.${machineImage.kind}` };
}

const unmanaged: PoolResolution = { version: UNMANAGED, findings: [] };

function resolve(declared: PoolDeclaration, context: ImageContext): PoolResolution {
  const { allowDowngrade, property } = declared;
  const resolution = resolveVersion(declared, context);
  if (allowDowngrade === undefined || resolution.findings.some(({ code }) => code === "GU069"))
    return resolution;
  return {
    ...resolution,
    findings: [...resolution.findings, ...withoutEffect(allowDowngrade, property, context)],
  };
}

function resolveVersion(
  { declaration, property, allowDowngrade }: PoolDeclaration,
  context: ImageContext,
): PoolResolution {
  const { shoot, pool, now } = context;
  const { name, version: specVersion } = pool.machineImage;
  const stay: PoolResolution = { version: specVersion, findings: [] };
  if (declaration.kind === "channel") {
    const allowed = suitable(context, "newer").filter(({ version }) =>
      allows(declaration.channel, specVersion, version),
    );
    const best = newest(withClassification(allowed, now, "supported"));
    return best === undefined ? stay : { version: best.version, findings: [] };
  }
  const declared = declaration.version;
  if (parsePrefix(declared) === undefined && parseVersion(declared) === undefined) {
    const message = `${shootId(shoot.ref)}: "${declared}" is not a machine image version; declare one such as "1877.3.0"; ${choices(context, "newer")}.`;
    return {
      version: specVersion,
      findings: [{ code: "GU024", severity: "error", property, message: () => message }],
    };
  }
  switch (compareToDeclared(specVersion, declared)) {
    case "below":
      return choose(declared, property, context, "newer");
    case "at": {
      const best = preferred(withPrefix(suitable(context, "any"), declared), now);
      return best !== undefined && isNewer(best.version, specVersion)
        ? chosen(best, property, context)
        : stay;
    }
    case "beyond": {
      if (allowDowngrade !== undefined) return goDown(declared, allowDowngrade, property, context);
      const problem = (pools: string) =>
        newerThanDeclared(context.declaration.whenNewer, property, {
          cluster: `${shootId(shoot.ref)} (worker pool ${pools})`,
          runs: `${name} ${specVersion}`,
          declared,
        });
      return {
        version: specVersion,
        findings: [{ ...problem(pool.name), message: (pools) => problem(pools).message }],
      };
    }
  }
}

function allows(channel: MachineImageChannel, specVersion: string, version: string): boolean {
  switch (channel) {
    case "patch":
      return sameMinor(specVersion, version);
    case "minor":
      return sameMajor(specVersion, version);
    case "major":
      return true;
  }
}

/**
 * At every change of the Shoot, Gardener checks the images of all pools, also those that do not change, against kubelets
 * and machine type (plugin/pkg/shoot/validator/admission.go); the CloudProfile may have changed since one was chosen.
 */
function unsuitableCurrent(
  resolution: PoolResolution,
  property: string | undefined,
  context: ImageContext,
): readonly Finding[] {
  const { shoot, pool, kubelet, profile } = context;
  const { name, version: specVersion } = pool.machineImage;
  const stays = resolution.version === UNMANAGED || resolution.version === specVersion;
  if (!stays || resolution.findings.some(({ severity }) => severity === "error")) return [];
  const current = find(offered(context), specVersion);
  const reason = current && unsuitableToStay(current, pool, kubelet, profile);
  if (current === undefined || reason === undefined) return [];
  const today = unsuitableToStay(current, pool, effectiveKubernetesVersion(shoot, pool), profile);
  const already =
    today === undefined ? "" : ", and Gardener refuses every change of the Shoot until this is fixed";
  return [
    {
      code: "GU035",
      severity: "error",
      property,
      message: (pools) =>
        `${shootId(shoot.ref)}: ${name} ${specVersion} of worker pool ${pools} ${reason}${already}; declare a machineImage version that suits; ${choices(context, "newer")}.`,
    },
  ];
}
