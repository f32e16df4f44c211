/** The programs that ours is compared with: as many do-nothing dynamic resources, each under a component. */
import { randomBytes } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { shootNames } from "./names";
import { shootsOf, type Landscape } from "./programs";
import { RUNS } from "./versions";

class Nothing extends pulumi.CustomResource {
  constructor(name: string, inputs: pulumi.Inputs, opts: pulumi.CustomResourceOptions) {
    super("pulumi-nodejs:dynamic/bench:Nothing", name, inputs, opts);
  }
}

class FloorComponent extends pulumi.ComponentResource {
  constructor(name: string, register: (parent: pulumi.Resource) => pulumi.Inputs) {
    super("bench:index:Component", name);
    this.registerOutputs(register(this));
  }
}

/** Constant, as ours is. */
const least = `exports.handler = () => ({
  check: async (olds, news) => ({ inputs: news, failures: [] }),
  diff: async (id, olds, news) => ({ changes: olds.version !== news.version }),
  create: async (inputs) => ({ id: inputs.name, outs: inputs }),
  read: async (id, props) => ({ id, props }),
  update: async (id, olds, news) => ({ outs: news }),
  delete: async () => {},
});
`;

function createLeast(name: string, version: string, parent: pulumi.Resource): pulumi.Inputs {
  new Nothing(name, { name, version, __provider: least }, { parent });
  return { version };
}

/** Of the length of a certificate authority and of a kubeconfig with it, which are as hard to compress. */
const [certificateAuthority, kubeconfig] = [800, 1_500].map((bytes) => randomBytes(bytes).toString("base64"));

/** What a RollingUpgrade has as inputs and outputs. */
const withProperties = `
const workers = (version) => ({ pool: { kubernetesVersion: "${RUNS}", machineImage: { name: "gardenlinux", version } } });
const inputsOf = ({ name, kubernetesVersion, certificateAuthority }) => ({
  shoot: "garden-demo-1/" + name,
  shootUid: "00000000-0000-0000-0000-000000000000",
  garden: { kubeconfig: "/home/user/garden.yaml" },
  apiServer: { server: "https://api.web.demo.example.com", certificateAuthority },
  kubernetesVersion,
  workers: workers("unmanaged"),
});
const outputsOf = (inputs) => ({
  ...inputs,
  workers: workers("1877.3.0"),
  target: { kubernetesVersion: inputs.kubernetesVersion, workers: workers("unmanaged") },
  state: "upToDate",
  completedAt: "2026-12-01T22:10:00.000Z",
});
exports.handler = () => ({
  check: async (olds, news) => ({ inputs: inputsOf(JSON.parse(news.literal)), failures: [] }),
  diff: async (id, olds, news) => ({ changes: olds.kubernetesVersion !== news.kubernetesVersion }),
  create: async (inputs) => ({ id: inputs.shoot, outs: outputsOf(inputs) }),
  read: async (id, props) => {
    const { target, state, completedAt, ...inputs } = props;
    return { id, props, inputs: { ...inputs, workers: target.workers } };
  },
  update: async (id, olds, news) => ({ outs: outputsOf(news) }),
  delete: async () => {},
});
`;

class NothingWithProperties extends Nothing {
  declare readonly kubernetesVersion: pulumi.Output<string>;
  declare readonly workers: pulumi.Output<unknown>;
  declare readonly target: pulumi.Output<unknown>;
  declare readonly state: pulumi.Output<string>;
  declare readonly completedAt: pulumi.Output<string>;
  declare readonly shootUid: pulumi.Output<string>;
}

function createWithProperties(name: string, version: string, parent: pulumi.Resource): pulumi.Inputs {
  const literal = JSON.stringify({ name, kubernetesVersion: version, certificateAuthority });
  const known = ["kubernetesVersion", "workers", "target", "state", "completedAt", "shootUid"] as const;
  const outputs = Object.fromEntries([...known, "shoot", "apiServer"].map((key) => [key, undefined]));
  const inputs = { literal, ...outputs, __provider: withProperties };
  const resource = new NothingWithProperties(name, inputs, { parent });
  const registered = Object.fromEntries(known.map((key) => [key, resource[key]]));
  return { ...registered, kubeconfig, declaration: { kubernetes: { version } } };
}

export const floorKinds = { least: createLeast, properties: createWithProperties } as const;

/** `least`: one property, the version. `properties`: those of a RollingUpgrade and of its component. */
export type FloorKind = keyof typeof floorKinds;

export const isFloorKind = (name: string): name is FloorKind => Object.hasOwn(floorKinds, name);

export function floor(kind: FloorKind, landscape: Landscape, version: string): PulumiFn {
  return () => {
    for (const name of shootNames(shootsOf(landscape))) {
      new FloorComponent(name, (parent) => floorKinds[kind](name, version, parent));
    }
    return Promise.resolve();
  };
}
