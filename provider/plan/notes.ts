import { minorOf } from "./versions";

/** Address of what changes in a version's minor. */
export function upgradeNotes(version: string): string {
  return `https://github.com/kubernetes/kubernetes/blob/master/CHANGELOG/CHANGELOG-${minorOf(version)}.md`;
}
