/**
 * Files for Renovate's custom datasource (docs.renovatebot.com/modules/datasource/custom), one for the Kubernetes versions
 * of a CloudProfile and one for each of its machine images. Renovate ignores `classification` and `expires`.
 */
import type { CloudProfile, OfferedVersion } from "../../../provider/model/cloudprofile";
import { UserError } from "../../../provider/model/problem";
import { offeredVersions, upgradeNotes } from "../../../provider/plan";

/** Contents by path: `aws/kubernetes.json`, `aws/images/gardenlinux.json`. */
export function renovateFiles(
  profiles: ReadonlyMap<string, CloudProfile>,
  now: Date,
): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const [id, { kubernetesVersions, machineImages }] of profiles) {
    const folder = id.split("/").map(segment).join("/");
    files.set(`${folder}/kubernetes.json`, fileOf(kubernetesVersions, now, upgradeNotes));
    for (const { name, versions } of machineImages) {
      files.set(`${folder}/images/${segment(name)}.json`, fileOf(versions, now));
    }
  }
  return files;
}

function fileOf(versions: readonly OfferedVersion[], now: Date, notes?: (version: string) => string): string {
  const releases = offeredVersions(versions, now).map(({ version, classification, expires }) => ({
    version,
    isStable: classification !== "preview",
    isDeprecated: classification === "deprecated",
    ...(notes && { changelogUrl: notes(version) }),
    classification,
    ...(expires !== undefined && { expires }),
  }));
  return `${JSON.stringify({ releases }, undefined, 2)}\n`;
}

/** A name of the garden as the name of a file, which cannot lead out of the folder. */
function segment(name: string): string {
  if (/^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/i.test(name)) return name;
  throw new UserError(
    "GU013",
    `${JSON.stringify(name)} is the name of a CloudProfile or a machine image, and cannot be the name of a file; ` +
      "no files are written.",
  );
}
