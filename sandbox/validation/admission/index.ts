/** What the ShootValidator admission plugin refuses, in its order. */
import { at, type JsonMap, mapsAt, text, textAt } from "../../json";
import { type AdmissionContext, pools } from "../context";
import { type FieldError, invalidField, notSupported } from "../field";
import { controlPlaneMembership, poolMembership } from "./kubernetes";
import { capabilities, cri, kubelet, machineImage, machineType, zones } from "./machineimage";

export function admitShoot(context: AdmissionContext): FieldError[] {
  return [...controlPlaneMembership(context), ...region(context), ...provider(context)];
}

function region({ shoot, old, profile }: AdmissionContext): FieldError[] {
  const wanted = textAt(shoot, "spec", "region");
  if (wanted === textAt(old, "spec", "region")) return [];
  const known = mapsAt(profile, "regions").map((one) => text(one.name));
  return known.includes(wanted) ? [] : [notSupported("spec.region", wanted, known)];
}

function provider(context: AdmissionContext): FieldError[] {
  const type = textAt(context.shoot, "spec", "provider", "type");
  const expected = textAt(context.profile, "type");
  if (type !== expected) {
    return [
      invalidField(
        "spec.provider.type",
        type,
        `provider type in shoot must equal provider type of referenced CloudProfile: ${JSON.stringify(expected)}`,
      ),
    ];
  }
  return pools(context.shoot).flatMap((pool, index) => [
    ...machine(context, pool, index),
    ...poolMembership(context, pool, index),
    ...zones(context, pool, index),
  ]);
}

function machine(context: AdmissionContext, pool: JsonMap, index: number): FieldError[] {
  const refused =
    machineType(context, pool, index) ??
    machineImage(context, pool, index) ??
    capabilities(context, pool, index);
  if (refused !== undefined) return [refused];
  const tooNew = kubelet(context, pool, index);
  return [...cri(context, pool, index), ...(tooNew === undefined ? [] : [tooNew])];
}

/** A Shoot that could not wake up again must not fall asleep. */
export function hibernationPossible({ shoot, old }: AdmissionContext): string | undefined {
  const enabled = (one: JsonMap) => at(one, "spec", "hibernation", "enabled") === true;
  if (enabled(old) || !enabled(shoot)) return undefined;
  const constraint = mapsAt(shoot, "status", "constraints").find((one) => one.type === "HibernationPossible");
  return constraint === undefined || constraint.status === "True"
    ? undefined
    : `'HibernationPossible' constraint is '${text(constraint.status)}': ${text(constraint.message)}`;
}
