/** The ExtensionLabels admission plugin: a Shoot is labelled with every extension that it needs. */
import { at, child, type JsonMap, mapsAt, textAt } from "../json";
import { type FieldError, invalidField } from "../validation/field";
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
    for (const runtime of mapsAt(pool, "cri", "containerRuntimes")) label("containerruntime", textAt(runtime, "type"));
    if (at(pool, "machine", "image") !== undefined) {
      label("operatingsystemconfig", textAt(pool, "machine", "image", "name"));
    }
  }
  label("provider", textAt(shoot, "spec", "provider", "type"));
  const networking = textAt(shoot, "spec", "networking", "type");
  if (networking !== "") label("networking", networking);
}

const NAME = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;

/** Kubernetes' rules for the part of a label behind the slash, as far as an extension's type can break them. */
export function validLabels(shoot: JsonMap): FieldError[] {
  return Object.keys(child(child(shoot, "metadata"), "labels")).flatMap((key) => {
    const name = key.slice(key.indexOf("/") + 1);
    const wrong: string[] = [];
    if (name === "") wrong.push("name part must be non-empty");
    if (name.length > 63) wrong.push("name part must be no more than 63 bytes");
    if (!NAME.test(name)) {
      wrong.push(
        "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric " +
          "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is " +
          "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')",
      );
    }
    return wrong.map((detail) => invalidField("metadata.labels", key, detail));
  });
}
