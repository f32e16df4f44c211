import { expect } from "chai";
import { at, type JsonMap } from "../../json";
import { migrateCredentials } from "../../maintenance/credentials";
import { shootObject, tinyGarden } from "../gardenlet/garden";

const SECRET_BINDING = "/apis/core.gardener.cloud/v1beta1/namespaces/garden-demo/secretbindings/old";
const BINDINGS = "/apis/security.gardener.cloud/v1alpha1/namespaces/garden-demo/credentialsbindings";
const SECRET = { name: "cloud", namespace: "garden-demo" };

const shootAt = (version: string): JsonMap =>
  shootObject({ secretBindingName: "old", kubernetes: { version } });
const secretBinding = {
  path: SECRET_BINDING,
  value: { metadata: { name: "old" }, provider: { type: "local" }, secretRef: SECRET },
};
const credentialsBinding = (name: string, secret: JsonMap = SECRET) => ({
  path: `${BINDINGS}/${name}`,
  value: { metadata: { name }, credentialsRef: { apiVersion: "v1", kind: "Secret", ...secret } },
});

describe("what a forced 1.34 does to a SecretBinding", () => {
  it("makes a CredentialsBinding of it", async () => {
    const garden = tinyGarden(secretBinding);
    const maintained = shootAt("1.34.3");
    const said = await migrateCredentials(garden, shootAt("1.33.4"), maintained);
    expect(said[0]).to.match(/^\.spec\.secretBindingName was migrated to \.spec\.credentialsBindingName\./);
    expect(at(maintained, "spec", "credentialsBindingName")).to.equal("force-migrated-old");
    expect(at(maintained, "spec", "secretBindingName")).to.equal(undefined);
    expect(garden.written[0]).to.deep.include({
      provider: { type: "local" },
      credentialsRef: { apiVersion: "v1", kind: "Secret", ...SECRET },
    });
  });

  it("takes one that refers to the same Secret already", async () => {
    const garden = tinyGarden(
      secretBinding,
      credentialsBinding("other", { name: "else", namespace: "garden-demo" }),
      credentialsBinding("mine"),
    );
    const maintained = shootAt("1.34.3");
    await migrateCredentials(garden, shootAt("1.33.4"), maintained);
    expect(at(maintained, "spec", "credentialsBindingName")).to.equal("mine");
    expect(garden.written).to.deep.equal([]);
  });

  it("says why it could not", async () => {
    const garden = tinyGarden();
    const maintained = shootAt("1.34.3");
    const said = await migrateCredentials(garden, shootAt("1.33.4"), maintained);
    expect(said).to.deep.equal([
      "Failed to migrate from secretBindingName to credentialsBindingName: failed to get SecretBinding garden-demo/old: old not found",
    ]);
    expect(at(maintained, "spec", "secretBindingName")).to.equal("old");
  });

  it("leaves it alone on any other way", async () => {
    const maintained = shootAt("1.33.7");
    expect(await migrateCredentials(tinyGarden(), shootAt("1.33.4"), maintained)).to.deep.equal([]);
    expect(at(maintained, "spec", "secretBindingName")).to.equal("old");
  });
});
