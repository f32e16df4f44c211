/** Random CloudProfiles and Shoots on the real server, read as the provider reads them. */
import { expect } from "chai";
import fc from "fast-check";
import type { Garden } from "../../provider/garden/garden";
import type { CloudProfile } from "../../provider/model/cloudprofile";
import type { Shoot, ShootRef } from "../../provider/model/shoot";
import type { Answer, Api, JsonValue } from "../contract/api";
import { profileObject } from "../contract/profile";
import { NAMESPACE, type ShootSpec, shootObject } from "../contract/shoots";
import { CORE, operation, retryUntilKnown, SHOOTS } from "../contract/world";
import type { Profile } from "./arbitraries";
import { inCapabilities, laggard, lenientShoot, open, validProfile } from "./plan-arbitraries";

export interface RandomWorld {
  readonly profile: fc.Arbitrary<Profile>;
  readonly profiles: number;
  readonly shoot: (profile: Profile) => fc.Arbitrary<ShootSpec>;
  readonly shootsEach: number;
  /** Whether some of the Shoots are being deleted. */
  readonly deletions: boolean;
}

const planWorld: RandomWorld = {
  profile: validProfile,
  profiles: 24,
  shoot: lenientShoot,
  shootsEach: 7,
  deletions: true,
};

export interface Offered {
  readonly shoot: Shoot;
  readonly profile: CloudProfile;
}

/** Shoots are created while every version is accepted; then the versions get random classifications. */
export async function populate(
  server: Api,
  garden: Garden,
  seed: number,
  world: RandomWorld = planWorld,
): Promise<readonly Offered[]> {
  const profiles = new Map<string, Profile>();
  for (const [index, spec] of fc.sample(world.profile, { numRuns: world.profiles, seed }).entries()) {
    const name = `random-${String(index)}`;
    expectCode(
      await server.post(`${CORE}/cloudprofiles`, profileObject(name, profileFields(open(spec), index))),
      201,
    );
    profiles.set(name, spec);
  }
  await knownByAdmission(server, "last");
  const refs: ShootRef[] = [];
  for (const [index, [profileName, spec]] of [...profiles].entries()) {
    const random = fc.sample(world.shoot(spec), { numRuns: world.shootsEach, seed: seed + index });
    const far = laggard(spec);
    for (const [count, shoot] of [...random, ...(far === undefined ? [] : [far])].entries()) {
      const ref = { namespace: NAMESPACE, name: `p-${String(index)}-${String(count)}` };
      const { code } = await server.post(SHOOTS, on(profileName, ref.name, shoot));
      if (code === 201) refs.push(ref);
    }
  }
  for (const { name } of refs.filter((_, index) => world.deletions && index % 10 === 0))
    await startDeletion(server, `${SHOOTS}/${name}`);
  for (const [index, [name, spec]] of [...profiles].entries()) {
    const strict = { spec: profileFields(spec, index) };
    expectCode(await server.patch(`${CORE}/cloudprofiles/${name}`, "merge", strict), 200);
  }
  await knownByAdmission(server, "very-last");
  const cloudProfiles = new Map<string, CloudProfile>();
  const found: Offered[] = [];
  for (const ref of refs) {
    await operation(server, `${SHOOTS}/${ref.name}`, { state: "Succeeded" });
    const shoot = await garden.getShoot(ref);
    const { name } = shoot.cloudProfile;
    const profile = cloudProfiles.get(name) ?? (await garden.getCloudProfile(shoot));
    cloudProfiles.set(name, profile);
    found.push({ shoot, profile });
  }
  return found;
}

async function startDeletion(server: Api, path: string): Promise<void> {
  const metadata = {
    finalizers: ["gardener"],
    annotations: { "confirmation.gardener.cloud/deletion": "true" },
  };
  expectCode(await server.patch(path, "merge", { metadata }), 200);
  expectCode(await server.delete(path), 200);
}

/** Informers deliver changes in order: after the last CloudProfile all others are known. */
async function knownByAdmission(server: Api, name: string): Promise<void> {
  await server.post(`${CORE}/cloudprofiles`, profileObject(name));
  await retryUntilKnown(() => server.post(`${SHOOTS}?dryRun=All`, on(name, "probe", {})));
}

/** Every fourth one in the newer form. */
function profileFields(spec: Profile, index: number): Readonly<Record<string, JsonValue>> {
  return index % 4 === 0 ? inCapabilities(spec) : { ...spec };
}

function on(profileName: string, name: string, spec: ShootSpec): JsonValue {
  const more = { ...spec.more, cloudProfile: { kind: "CloudProfile", name: profileName } };
  return shootObject(name, { ...spec, more });
}

function expectCode(answer: Answer, code: number): void {
  expect(answer.code, JSON.stringify(answer.body.raw)).to.equal(code);
}
