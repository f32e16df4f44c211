import { expect } from "chai";
import {
  containsUnknown,
  decodeInputs,
  decodeOldInputs,
  decodeState,
  inputsOf,
  refOf,
  UNKNOWN,
} from "../../../provider/lifecycle/state";
import { specVersions } from "../../../provider/plan";
import { aShoot } from "../builders";

const shoot = aShoot();
const target = specVersions(shoot);
const apiServer = { server: "https://api.web.demo.example", certificateAuthority: "PEM" };

describe("the state of a RollingUpgrade", () => {
  const inputs = inputsOf(shoot, { cleura: { region: "Sto2" } }, target, apiServer);
  const state = { ...inputs, target, state: "pending", completedAt: "" };

  it("is decoded as it was returned, with the garden and the API's address", () => {
    expect(inputs).to.include.keys("garden", "apiServer");
    expect(decodeInputs(JSON.parse(JSON.stringify(inputs)))).to.deep.equal(inputs);
    expect(decodeState(JSON.parse(JSON.stringify(state)))).to.deep.equal(state);
  });

  it("has no key for a garden that is not declared, nor for an address that is not found", () => {
    const bare = inputsOf(shoot, {}, target, undefined);
    expect(bare).to.have.all.keys("shoot", "shootUid", "kubernetesVersion", "workers");
    expect(decodeInputs(bare)).to.have.all.keys("shoot", "shootUid", "kubernetesVersion", "workers");
  });

  it("names the Shoot by namespace and name", () => {
    expect(inputs.shoot).to.equal("garden-demo/web");
    expect(refOf(inputs.shoot)).to.deep.equal({ namespace: "garden-demo", name: "web" });
  });

  it("without a known value of state is taken as up to date", () => {
    expect(decodeState({ ...state, state: "held" }).state).to.equal("upToDate");
  });

  for (const [name, damaged] of Object.entries({
    "no object": undefined,
    "no Shoot": { ...inputs, shoot: undefined },
    "a Shoot without a namespace": { ...inputs, shoot: "web" },
    "no uid": { ...inputs, shootUid: 1 },
  })) {
    it(`is refused where it names no Shoot: ${name}`, () => {
      expect(() => decodeInputs(damaged)).to.throw("name no Shoot");
    });
  }

  for (const [name, versions] of Object.entries({
    "no Kubernetes version": { kubernetesVersion: undefined },
    "no workers": { workers: undefined },
  })) {
    it(`is refused without versions: ${name}`, () => {
      expect(() => decodeInputs({ ...inputs, ...versions })).to.throw("has no versions");
    });
  }

  it("is refused without the versions of the target", () => {
    expect(() => decodeState({ ...state, target: undefined })).to.throw("has no versions");
  });

  const machineImage = { name: "gardenlinux", version: "1592.10.0" };
  for (const [name, pool] of Object.entries({
    "no object": "1.33.4",
    "no Kubernetes version": { machineImage },
    "no image": { kubernetesVersion: "1.33.4" },
    "an image without a name": { kubernetesVersion: "1.33.4", machineImage: { version: "1592.10.0" } },
    "an image without a version": { kubernetesVersion: "1.33.4", machineImage: { name: "gardenlinux" } },
  })) {
    it(`is refused without the versions of a worker pool: ${name}`, () => {
      expect(() => decodeInputs({ ...inputs, workers: { "pool-a": pool } })).to.throw(
        "has no versions of worker pool pool-a",
      );
    });
  }

  it("is unknown as soon as one value in it is, however deep", () => {
    expect(containsUnknown({ workers: { "pool-a": ["x", { version: UNKNOWN }] } })).to.equal(true);
    expect(containsUnknown({ workers: { "pool-a": ["x", { version: "1" }] } })).to.equal(false);
  });

  it("does not exist before the first update, nor while a value is unknown", () => {
    for (const none of [{}, undefined, { ...inputs, kubernetesVersion: UNKNOWN }]) {
      expect(decodeOldInputs(none)).to.equal(undefined);
    }
  });
});
