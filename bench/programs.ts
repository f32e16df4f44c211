/** The programs that are compared: what this package does, and the least that the engine does for as many resources. */
import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import * as gardener from "pulumi-gardener";
import { projectNames, shootNames } from "./names";

/** A dynamic provider that does nothing; constant, as ours is. */
const nothing = `exports.handler = () => ({
  check: async (olds, news) => ({ inputs: news, failures: [] }),
  diff: async (id, olds, news) => ({ changes: olds.version !== news.version }),
  create: async (inputs) => ({ id: inputs.name, outs: inputs }),
  read: async (id, props) => ({ id, props }),
  update: async (id, olds, news) => ({ outs: news }),
  delete: async () => {},
});
`;

class Nothing extends pulumi.CustomResource {
  constructor(name: string, version: string, opts: pulumi.CustomResourceOptions) {
    super("pulumi-nodejs:dynamic/bench:Nothing", name, { name, version, __provider: nothing }, opts);
  }
}

class FloorComponent extends pulumi.ComponentResource {
  constructor(name: string, version: string) {
    super("bench:index:Component", name);
    new Nothing(name, version, { parent: this });
    this.registerOutputs({ version });
  }
}

/** Which Shoots of which gardens a program declares. */
export interface Landscape {
  /** Of each project. */
  readonly shoots: number;
  /** Of each garden. */
  readonly projects: number;
  readonly gardens: number;
}

export const shootsOf = ({ shoots, projects, gardens }: Landscape): number => shoots * projects * gardens;

/** As many do-nothing dynamic resources, each under a component. */
export function floor(landscape: Landscape, version: string): PulumiFn {
  return () => {
    for (const name of shootNames(shootsOf(landscape))) new FloorComponent(name, version);
    return Promise.resolve();
  };
}

/** @param kubeconfigs of the gardens. */
export function shootVersions(
  landscape: Landscape,
  version: string,
  kubeconfigs: readonly string[],
): PulumiFn {
  return () => {
    for (const [index, kubeconfig] of kubeconfigs.entries()) {
      for (const project of projectNames(landscape.projects)) {
        for (const name of shootNames(landscape.shoots)) {
          new gardener.ShootVersions(`${project}-${name}-${String(index)}`, {
            shoot: { project, name },
            garden: { kubeconfig },
            kubernetes: { version },
          });
        }
      }
    }
    return Promise.resolve();
  };
}
