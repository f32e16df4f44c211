/** The programs that are compared: what this package does, and the least that the engine does for as many resources. */
import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import * as gardener from "pulumi-gardener";

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

const names = (shoots: number) => Array.from({ length: shoots }, (_, index) => `shoot-${String(index + 1)}`);

/** As many do-nothing dynamic resources, each under a component. */
export function floor(shoots: number, version: string): PulumiFn {
  return () => {
    for (const name of names(shoots)) new FloorComponent(name, version);
    return Promise.resolve();
  };
}

export function shootVersions(shoots: number, version: string): PulumiFn {
  return () => {
    for (const name of names(shoots)) {
      new gardener.ShootVersions(name, { shoot: { project: "demo", name }, kubernetes: { version } });
    }
    return Promise.resolve();
  };
}
