import { expect } from "chai";
import { check, update } from "../../../provider/lifecycle";
import { nameDeclared, nameShoot } from "../../../provider/lifecycle/errors";
import { UserError } from "../../../provider/model/problem";
import type { Code } from "../../../provider/model/codes";
import { aDeclaration } from "../builders";
import { aContext, FakeGarden } from "../support/fakeGarden";

const unreachable = new UserError("GU005", "The garden cannot be reached.", {
  retryable: true,
  writeOutcome: "unknown",
});

describe("an error of the connection to a garden", () => {
  it("names the Shoot, and keeps what it reports about the write", () => {
    expect(nameShoot(unreachable, "garden-demo/web")).to.include({
      code: "GU005",
      message: "Shoot garden-demo/web: The garden cannot be reached.",
      retryable: true,
      writeOutcome: "unknown",
      cause: unreachable,
    });
  });

  it("is left as it is where it names the Shoot already", () => {
    for (const message of ["garden-demo/web: forbidden", "Shoot web does not exist"]) {
      expect(nameShoot(new UserError("GU008", message), "garden-demo/web").message).to.equal(message);
    }
  });

  it("is the only one that the Shoot is added to: others name it themselves", () => {
    for (const code of ["GU020", "GU050"] as const) {
      expect(nameShoot(new UserError(code, "refused"), "garden-demo/web").message).to.equal("refused");
    }
  });

  const shoots = {
    "garden-demo/web": { kind: "namespace", namespace: "garden-demo", name: "web" },
    "web of the project demo": { kind: "project", project: "demo", name: "web" },
    web: { kind: "name", name: "web" },
  } as const;
  for (const [named, shoot] of Object.entries(shoots)) {
    it(`names the Shoot as the program does: ${named}`, () => {
      expect(nameDeclared(unreachable, aDeclaration({ shoot })).message).to.equal(
        `Shoot ${named}: The garden cannot be reached.`,
      );
    });
  }

  const garden = { kubeconfig: "garden.yaml", context: "demo" };
  const properties: readonly (readonly [Code, string | undefined, string | undefined])[] = [
    ["GU002", "garden.kubeconfig", undefined],
    ["GU003", "garden.kubeconfig", undefined],
    ["GU004", "garden.context", undefined],
    ["GU009", "shoot", "shoot"],
    ["GU010", "shoot", "shoot"],
    ["GU005", undefined, undefined],
  ];
  for (const [code, declared, configured] of properties) {
    it(`${code} names the argument that led to it, where the program has it`, () => {
      const error = new UserError(code, "failed");
      expect(nameDeclared(error, aDeclaration({ garden })).property).to.equal(declared);
      expect(nameDeclared(error, aDeclaration()).property).to.equal(configured);
    });
  }

  it("keeps the property that it has", () => {
    const error = new UserError("GU010", "unknown", { property: "garden.cleura" });
    expect(nameDeclared(error, aDeclaration()).property).to.equal("garden.cleura");
  });

  it("names the Shoot in an update too", async () => {
    const garden = new FakeGarden();
    const request = {
      declaration: { shoot: { id: "garden-demo/web" }, kubernetes: { version: "1.33.4" } },
      run: { reportTo: "urn:pulumi:dev::stack::gardener:index:ShootVersions::web", preview: false },
    };
    const context = aContext(garden);
    const { inputs } = await check(context, {}, request);
    garden.getShoot = () => Promise.reject(unreachable);
    const state = { ...inputs, target: inputs, state: "upToDate" };
    const error = await update(context, state, inputs).catch((thrown: unknown) => thrown);
    expect(error).to.have.property("message", "Shoot garden-demo/web: The garden cannot be reached.");
  });
});
