/** From the Shoots of a garden to a Pulumi program that declares what they run. */
import { parseDeclaration } from "../../provider/declaration/parse";
import type { CloudProfile } from "../../provider/model/cloudprofile";
import type { GardenCapabilities } from "../../provider/model/capabilities";
import type { GardenLocation } from "../../provider/model/location";
import { shootId, type Shoot } from "../../provider/model/shoot";
import { visible } from "../../provider/model/text";
import { plan } from "../../provider/plan";
import { identifiersOf } from "./identifiers";
import { literal } from "./literal";

export interface Existing {
  readonly shoot: Shoot;
  readonly profile: CloudProfile;
}

export interface Generated {
  /** The program's text. */
  readonly source: string;
  /** Shoots that it leaves out, with the reason. */
  readonly leftOut: readonly string[];
}

interface Context {
  readonly location: GardenLocation;
  readonly capabilities: GardenCapabilities;
  readonly now: Date;
}

export function generate(existing: readonly Existing[], context: Context): Generated {
  const checked = existing.map((one) => ({ ...one, ...declare(one, context) }));
  const declared = checked.flatMap(({ shoot, args, reason }) =>
    reason === undefined ? [{ shoot, args }] : [],
  );
  const leftOut = checked.flatMap(({ shoot, reason }) =>
    reason === undefined ? [] : [`${shootId(shoot.ref)}: ${reason}`],
  );
  const identifiers = identifiersOf(declared.map(({ shoot }) => shoot.ref));
  const statements = declared.map(({ args }, index) => {
    const { variable, resource } = identifiers[index] ?? { variable: "", resource: "" };
    return `const ${variable} = new gardener.ShootVersions(${literal(resource, 0)}, ${literal(args, 0)});\n`;
  });
  const outputs = declared.map(
    ({ shoot }, index) =>
      `  ${literal(shootId(shoot.ref), 0)}: ${identifiers[index]?.variable ?? ""}.kubernetesVersion,`,
  );
  const source = [
    'import * as gardener from "pulumi-gardener";\n',
    ...leftOut.map((text) => `// Left out: ${visible(text)}\n`),
    ...statements,
    ...(outputs.length === 0
      ? ["export {};\n"]
      : [`export const kubernetesVersions = {\n${outputs.join("\n")}\n};\n`]),
  ].join("\n");
  return { source, leftOut };
}

/** Checked as a preview does: nothing must be pending. */
function declare(
  { shoot, profile }: Existing,
  { location, capabilities, now }: Context,
): { readonly args: object; readonly reason?: string } {
  const args = argumentsOf(shoot, location);
  const parsed = parseDeclaration(args, shootId(shoot.ref));
  if (parsed.kind === "problems") {
    return { args, reason: parsed.problems.map(({ message }) => message).join("; ") };
  }
  const planned = plan(parsed.declaration, shoot, profile, now, capabilities);
  if (planned.kind === "refused") {
    return { args, reason: planned.problems.map(({ message }) => message).join("; ") };
  }
  const { steps } = planned.plan;
  return steps.length === 0 ? { args } : { args, reason: "what it runs cannot be declared without a change" };
}

function argumentsOf({ ref, kubernetesVersion, workers }: Shoot, location: GardenLocation) {
  const images = new Set(workers.map(({ machineImage }) => machineImage.version));
  const [image] = images;
  return {
    // The location of Cleura Cloud names the project.
    shoot: location.cleura === undefined ? { namespace: ref.namespace, name: ref.name } : { name: ref.name },
    ...(Object.keys(location).length > 0 && { garden: location }),
    kubernetes: { version: kubernetesVersion },
    ...(image !== undefined && images.size === 1 && { machineImage: { version: image } }),
    ...(images.size > 1 && {
      workers: Object.fromEntries(
        workers.map(({ name, machineImage }) => [name, { machineImage: { version: machineImage.version } }]),
      ),
    }),
  };
}
