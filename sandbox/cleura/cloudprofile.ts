/** A CloudProfile as Cleura shows it. */
import { type JsonMap, map, mapsAt, text, textAt, textsAt } from "../json";
import { present } from "./shape";

export function renderCloudProfile(profile: JsonMap): JsonMap {
  const spec = map(profile.spec);
  return {
    name: textAt(profile, "metadata", "name"),
    type: text(spec.type),
    kubernetes: { versions: mapsAt(spec, "kubernetes", "versions").map(version) },
    machine_images: mapsAt(spec, "machineImages").map((image) =>
      present({
        name: text(image.name),
        update_strategy: text(image.updateStrategy),
        versions: mapsAt(image, "versions").map((one) => ({
          ...version(one),
          architectures: textsAt(one, "architectures"),
          cri: mapsAt(one, "cri").map((cri) => ({ name: text(cri.name) })),
        })),
      }),
    ),
    machine_types: mapsAt(spec, "machineTypes").map((type) =>
      present({
        name: text(type.name),
        cpu: text(type.cpu),
        gpu: text(type.gpu),
        memory: text(type.memory),
        architecture: text(type.architecture),
        usable: type.usable !== false,
      }),
    ),
    regions: mapsAt(spec, "regions").map((region) => ({
      name: text(region.name),
      zones: mapsAt(region, "zones").map((zone) => ({ name: text(zone.name) })),
    })),
    volume_types: mapsAt(spec, "volumeTypes").map((type) => ({ name: text(type.name) })),
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
