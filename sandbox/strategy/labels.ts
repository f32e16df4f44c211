/** The ExtensionLabels admission plugin: a Shoot is labelled with every extension that it needs. */
import { at, child, type JsonMap, mapsAt, textAt } from "../json";
import { pools } from "../validation/context";

const DOMAIN = "extensions.gardener.cloud";
const KINDS = [
  ...["extensions", "provider", "dnsrecord", "networking", "operatingsystemconfig", "containerruntime"],
  "selfhostedshootexposure",
].map((kind) => `${kind}.${DOMAIN}/`);

export function labelExtensions(shoot: JsonMap): void {
  const labels = child(child(shoot, "metadata"), "labels");
  for (const key of Object.keys(labels)) {
    if (KINDS.some((kind) => key.startsWith(kind))) Reflect.deleteProperty(labels, key);
  }
  const label = (kind: string, type: string) => {
    labels[`${kind}.${DOMAIN}/${type}`] = "true";
  };
  for (const pool of pools(shoot)) {
    for (const runtime of mapsAt(pool, "cri", "containerRuntimes"))
      label("containerruntime", textAt(runtime, "type"));
    if (at(pool, "machine", "image") !== undefined) {
      label("operatingsystemconfig", textAt(pool, "machine", "image", "name"));
    }
  }
  label("provider", textAt(shoot, "spec", "provider", "type"));
  const networking = textAt(shoot, "spec", "networking", "type");
  if (networking !== "") label("networking", networking);
}
