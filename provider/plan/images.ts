/** From the declared machine image versions to the concrete one of each worker pool. */
import type { CloudProfile, MachineImageVersion } from "../model/cloudprofile";
import type { Declaration, DeclaredVersion } from "../model/declaration";
import type { MachineImageChannel } from "../model/enums";
import { entryOf } from "../model/json";
import { UNMANAGED } from "../model/plan";
import type { Problem } from "../model/problem";
import { effectiveKubernetesVersion, shootId, type Shoot, type WorkerPool } from "../model/shoot";
import { find, list, newest, newestFirst, preferred, withClassification } from "./catalogue";
import { classify } from "./classification";
import { warningsAbout, newerThanDeclared, compareToDeclared, usable, withPrefix } from "./floor";
import { merged, type Finding } from "./findings";
import { heldBackPools } from "./heldBack";
import { suitableVersions, unsuitable, unsuitableToStay } from "./suitability";
import { isNewer, parsePrefix, parseVersion, sameMajor, sameMinor } from "./versions";

export interface ImageResolution {
  /** By pool: the running version, a newer one, or "unmanaged". */
  readonly versions: ReadonlyMap<string, string>;
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
): ImageResolution {
  const heldBack = declaration.kubernetes === undefined ? new Map() : heldBackPools(shoot);
  const kubeletOf = ({ name, kubernetesVersion: pin }: WorkerPool): string =>
    heldBack.has(name) ? controlPlane : (pin ?? controlPlane);
  const resolved = shoot.workers.map((pool) => {
    const declared = declarationFor(declaration, pool.name);
    const kubelet = kubeletOf(pool);
    const context = { declaration, shoot, profile, now, pool, kubelet };
    const resolution = declared === undefined ? unmanaged : resolve(declared, context);
    return { context, declared, resolution };
  });
  const upgrades = isNewer(controlPlane, shoot.kubernetesVersion);
  const writes =
    upgrades ||
    resolved.some(({ context, resolution }) =>
      isNewer(resolution.version, context.pool.machineImage.version),
    );
  const found = resolved.map(({ context, declared, resolution }) => {
    const property = declared?.property ?? (upgrades ? kubernetesProperty : undefined);
    const current = writes ? unsuitableCurrent(resolution, property, context) : [];
    return { pool: context.pool.name, findings: [...resolution.findings, ...current] };
  });
  return {
    versions: new Map(resolved.map(({ context, resolution }) => [context.pool.name, resolution.version])),
    problems: merged(found),
  };
}

interface PoolDeclaration {
  readonly declaration: DeclaredVersion<MachineImageChannel>;
  readonly property: string;
}

/** A pool's own declaration takes precedence over the one for all. */
function declarationFor(declaration: Declaration, pool: string): PoolDeclaration | undefined {
  const own = entryOf(declaration.workers, pool)?.machineImage;
  if (own !== undefined) return { declaration: own, property: `workers["${pool}"].machineImage.${own.kind}` };
  const { machineImage } = declaration;
  return machineImage && { declaration: machineImage, property: `machineImage.${machineImage.kind}` };
}

interface Context {
  readonly declaration: Declaration;
  readonly shoot: Shoot;
  readonly profile: CloudProfile;
  readonly now: Date;
  readonly pool: WorkerPool;
  readonly kubelet: string;
}

interface PoolResolution {
  readonly version: string;
  readonly findings: readonly Finding[];
}

const unmanaged: PoolResolution = { version: UNMANAGED, findings: [] };

function resolve({ declaration, property }: PoolDeclaration, context: Context): PoolResolution {
  const { shoot, pool, now } = context;
  const { name, version: specVersion } = pool.machineImage;
  const stay: PoolResolution = { version: specVersion, findings: [] };
  if (declaration.kind === "channel") {
    const allowed = suitable(context).filter(({ version }) =>
      allows(declaration.channel, specVersion, version),
    );
    const best = newest(withClassification(allowed, now, "supported"));
    return best === undefined ? stay : { version: best.version, findings: [] };
  }
  const declared = declaration.version;
  if (parsePrefix(declared) === undefined && parseVersion(declared) === undefined) {
    const message = `${shootId(shoot.ref)}: "${declared}" is not a machine image version; declare one such as "1877.3.0"; ${choices(context)}.`;
    return {
      version: specVersion,
      findings: [{ code: "GU024", severity: "error", property, message: () => message }],
    };
  }
  switch (compareToDeclared(specVersion, declared)) {
    case "below":
      return moveUp(declared, property, context);
    case "at": {
      const best = preferred(withPrefix(suitable(context, "any"), declared), now);
      return best !== undefined && isNewer(best.version, specVersion)
        ? chosen(best, property, context)
        : stay;
    }
    case "beyond": {
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

function moveUp(declared: string, property: string, context: Context): PoolResolution {
  const { pool, now, profile, kubelet } = context;
  const exact = parsePrefix(declared) === undefined;
  const named = exact ? find(offered(context), declared) : undefined;
  const matching = (
    exact ? (named === undefined ? [] : [named]) : withPrefix(offered(context), declared)
  ).filter((version) => classify(version, now) !== "unavailable");
  const { name } = pool.machineImage;
  const refuse = (code: Problem["code"], text: (pools: string) => string): PoolResolution => ({
    version: pool.machineImage.version,
    findings: [
      {
        code,
        severity: "error",
        property,
        message: (pools) => `${shootId(context.shoot.ref)}: ${text(pools)}; ${choices(context)}.`,
      },
    ],
  });
  if (matching.length === 0) {
    return refuse(
      "GU034",
      (pools) =>
        `${name} "${declared}" for worker pool ${pools} is not offered by the CloudProfile ${profile.name}`,
    );
  }
  const fitting = matching.filter((version) => unsuitable(version, pool, kubelet, profile) === undefined);
  if (fitting.length === 0) {
    const version = newestFirst(matching)[0];
    const reason = version && unsuitable(version, pool, kubelet, profile);
    return refuse(
      "GU035",
      (pools) => `${name} ${version?.version} does not suit worker pool ${pools}: it ${reason}`,
    );
  }
  const choice = exact ? named : preferred(fitting, now);
  if (choice !== undefined) return chosen(choice, property, context);
  const previews = withClassification(fitting, now, "preview");
  return previews.length > 0
    ? refuse(
        "GU032",
        (pools) =>
          `of ${name} ${declared} there are only preview versions for worker pool ${pools}; declare one exactly, or wait`,
      )
    : refuse(
        "GU037",
        (pools) => `of ${name} ${declared} there are only expired versions for worker pool ${pools}`,
      );
}

/**
 * At every change of the Shoot, Gardener checks the images of all pools, also those that do not change, against kubelets
 * and machine type (plugin/pkg/shoot/validator/admission.go); the CloudProfile may have changed since one was chosen.
 */
function unsuitableCurrent(
  resolution: PoolResolution,
  property: string | undefined,
  context: Context,
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
        `${shootId(shoot.ref)}: ${name} ${specVersion} of worker pool ${pools} ${reason}${already}; declare a machineImage version that suits; ${choices(context)}.`,
    },
  ];
}

function chosen(version: MachineImageVersion, property: string, context: Context): PoolResolution {
  const findings = warningsAbout(version, context.now).map(({ code, text }): Finding => ({
    code,
    severity: "warning",
    property,
    message: (pools) =>
      `${shootId(context.shoot.ref)}: ${context.pool.machineImage.name} ${version.version} for worker pool ${pools} ${text}.`,
  }));
  return { version: version.version, findings };
}

function offered({ profile, pool }: Context): readonly MachineImageVersion[] {
  return profile.machineImages.find(({ name }) => name === pool.machineImage.name)?.versions ?? [];
}

/** Versions that the pool can run; without "any" only newer ones. */
function suitable(context: Context, which: "newer" | "any" = "newer"): readonly MachineImageVersion[] {
  const { pool, kubelet, profile } = context;
  return suitableVersions(pool, kubelet, profile).filter(
    ({ version }) => which === "any" || isNewer(version, pool.machineImage.version),
  );
}

function choices(context: Context): string {
  return `suitable and newer: ${list(usable(suitable(context), context.now), context.now)}`;
}
