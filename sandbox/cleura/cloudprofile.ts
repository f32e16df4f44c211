/** A CloudProfile as Cleura shows it. */
import { type Json, type JsonMap, map, mapsAt, number, text, textAt, textsAt } from "../json";
import { present } from "./shape";
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
        cri: mapsAt(one, "cri").map((cri) => ({ name: text(cri.name) })),
      })),
    })),
    machine_types: mapsAt(spec, "machineTypes").map((type) => ({
      name: text(type.name),
      cpu: whole(type.cpu),
      gpu: whole(type.gpu),
      memory: text(type.memory),
      architecture: text(type.architecture) || "amd64",
      usable: type.usable !== false,
    })),
    provider_config: providerConfig(spec),
    regions: mapsAt(spec, "regions").map((region) => ({
      name: text(region.name),
      zones: mapsAt(region, "zones").map((zone) => ({ name: text(zone.name) })),
    })),
    volume_types: mapsAt(spec, "volumeTypes").map((type) => ({
      name: text(type.name),
      class: text(type.class),
      min_size: text(type.minSize),
      usable: type.usable !== false,
    })),
  };
}

/** A quantity of whole things, which Gardener writes as a text. */
function whole(quantity: Json | undefined): number {
  return number(quantity) ?? (Number.parseInt(text(quantity), 10) || 0);
}

/** OpenStack's, which the sandbox's garden has no part of. */
function providerConfig(spec: JsonMap): JsonMap {
  return {
    constraints: {
      floating_pools: [{ name: FLOATING_POOL }],
      load_balancer_providers: [{ name: LOAD_BALANCER }],
    },
    dns_servers: [],
    keystone_urls: [],
    machine_images: mapsAt(spec, "machineImages").map((image) => ({
      name: text(image.name),
      versions: mapsAt(image, "versions").map((one) => ({
        version: text(one.version),
        image: `${text(image.name)}-${text(one.version)}`,
        regions: [],
      })),
    })),
    server_group_policies: [],
  };
}

/** Expired ones stay in the list; clients compare dates. */
function version(given: JsonMap): JsonMap {
  return present({
    version: text(given.version),
    classification: text(given.classification),
    expiration_date: text(given.expirationDate),
  });
}
