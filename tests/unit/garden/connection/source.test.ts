import { expect } from "chai";
import { resolve } from "node:path";
import { resolveConnection } from "../../../../provider/garden/connection";
import type { GardenLocation } from "../../../../provider/model/location";
import { UserError } from "../../../../provider/model/problem";

const CONTENT = "apiVersion: v1\nkind: Config\n";

function resolved(
  location: GardenLocation,
  config: Record<string, string> = {},
  env: NodeJS.ProcessEnv = {},
) {
  return resolveConnection(location, { config: (key) => config[key], env: { HOME: "/home/jane", ...env } });
}

function refusal(...given: Parameters<typeof resolved>): UserError {
  try {
    resolved(...given);
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error("It was resolved");
}

describe("where the garden's credentials are", () => {
  const everything = { "gardener:kubeconfig": CONTENT, "gardener:kubeconfigPath": "/etc/configured.yaml" };
  const environment = { GARDEN_KUBECONFIG: "/etc/ambient.yaml", KUBECONFIG: "/etc/kube.yaml" };

  it("are at the path of the program first", () => {
    expect(resolved({ kubeconfig: "/etc/explicit.yaml" }, everything, environment)).to.include({
      kind: "file",
      path: "/etc/explicit.yaml",
    });
  });

  it("are in the stack's configuration, before the environment", () => {
    expect(resolved({}, everything, environment)).to.include({ kind: "content", content: CONTENT });
  });

  it("are at the path in the stack's configuration, before the environment", () => {
    expect(resolved({}, { "gardener:kubeconfigPath": "/etc/configured.yaml" }, environment)).to.include({
      kind: "file",
      path: "/etc/configured.yaml",
    });
  });

  it("are at GARDEN_KUBECONFIG where nothing else is configured", () => {
    expect(resolved({}, {}, environment)).to.include({ kind: "file", path: "/etc/ambient.yaml" });
  });

  it("are never at KUBECONFIG", () => {
    expect(refusal({}, {}, { KUBECONFIG: "/etc/kube.yaml" }).code).to.equal("GU001");
  });

  it("are reported missing with the three ways to configure them", () => {
    expect(refusal({}).message)
      .to.contain("gardener:kubeconfig")
      .and.contain("gardener:kubeconfigPath")
      .and.contain("GARDEN_KUBECONFIG")
      .and.contain("garden: {");
  });

  it("ignore an empty setting", () => {
    expect(
      refusal({ kubeconfig: "" }, { "gardener:kubeconfig": " " }, { GARDEN_KUBECONFIG: "" }).code,
    ).to.equal("GU001");
  });

  it("resolve ~ to the home folder and relative paths from the working folder", () => {
    expect(resolved({ kubeconfig: "~/garden.yaml" })).to.include({ path: "/home/jane/garden.yaml" });
    expect(resolved({ kubeconfig: "garden.yaml" })).to.include({ path: resolve("garden.yaml") });
  });

  it("take the context from the program, else from the stack's configuration", () => {
    const config = { "gardener:context": "configured" };
    expect(resolved({ kubeconfig: "/a", context: "named" }, config).context).to.equal("named");
    expect(resolved({ kubeconfig: "/a" }, config).context).to.equal("configured");
    expect(resolved({ kubeconfig: "/a" }).context).to.equal(undefined);
  });

  it("are refused where the content is a path, without repeating it", () => {
    const problem = refusal({}, { "gardener:kubeconfig": "~/secret-place/garden.yaml" });
    expect(problem.code).to.equal("GU003");
    expect(problem.message).to.contain("gardener:kubeconfigPath").and.not.contain("secret-place");
  });
});
