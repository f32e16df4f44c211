/** A CloudProfile as Cleura shows it. */
import { type Json, type JsonMap, map, mapsAt, number, text, textAt, textsAt } from "../json";
import { present, texts } from "./shape";
import { FLOATING_POOL, LOAD_BALANCER } from "./shoot";

export function renderCloudProfile(profile: JsonMap): JsonMap {
  const spec = map(profile.spec);
  return {
    name: textAt(profile, "metadata", "name"),
    type: text(spec.type),
    kubernetes: { versions: mapsAt(spec, "kubernetes", "versions").map(version) },
    machine_images: mapsAt(spec, "machineImages").map((image) => ({
      name: text(image.name),
      update_strategy: text(image.updateStrategy) || "major",
      versions: mapsAt(image, "versions").map((one) => ({
        ...version(one),
        architectures: textsAt(one, "architectures"),
        cri: mapsAt(one, "cri").map((cri) => texts(cri, "name")),
      })),
    })),
    machine_types: mapsAt(spec, "machineTypes").map((type) => ({
      ...texts(type, "name", "memory"),
      cpu: whole(type.cpu),
      gpu: whole(type.gpu),
      architecture: text(type.architecture) || "amd64",
      usable: type.usable !== false,
    })),
    // OpenStack's, of which the sandbox's garden has nothing.
    provider_config: {
      constraints: {
        floating_pools: [{ name: FLOATING_POOL }],
        load_balancer_providers: [{ name: LOAD_BALANCER }],
      },
      dns_servers: [],
      keystone_urls: [],
      machine_images: [],
      server_group_policies: [],
    },
    regions: mapsAt(spec, "regions").map((region) => ({
      name: text(region.name),
      zones: mapsAt(region, "zones").map((zone) => texts(zone, "name")),
    })),
    volume_types: mapsAt(spec, "volumeTypes").map((type) => ({
      ...texts(type, "name", "class", "minSize"),
      usable: type.usable !== false,
    })),
  };
}

/** A whole quantity, which Gardener writes as a text. */
function whole(quantity: Json | undefined): number {
  return number(quantity) ?? (Number.parseInt(text(quantity), 10) || 0);
}

/** Expired ones are in the list; clients compare dates. */
function version(given: JsonMap): JsonMap {
  return present(texts(given, "version", "classification", "expirationDate"));
}
