import { X509Certificate } from "node:crypto";
import { expect } from "chai";
import { load } from "js-yaml";
import { bodyOf } from "./api";
import { expectAccepted, nameOf } from "./expectations";
import { NAMESPACE } from "./shoots";
import { type ContractWorld, CORE } from "./world";

const base64 = (text: string) => Buffer.from(text).toString("base64");
const decoded = (text: string) => Buffer.from(text, "base64").toString("utf8");
const ADDRESSES = [
  { name: "external", url: "https://127.0.0.1:10443" },
  { name: "internal", url: "https://127.0.0.1:10444" },
  { name: "service-account-issuer", url: "https://127.0.0.1:10445" },
  { name: "wildcard-tls-seed-bound", url: "https://127.0.0.1:10446" },
];

export function kubeconfigs(world: () => ContractWorld): void {
  async function accessible(): Promise<string> {
    const path = await world().reconciled();
    const name = nameOf(path);
    const { admin, garden } = world();
    const cluster = await garden.createAuthority("cluster");
    const clients = await garden.createAuthority("clients");
    expectAccepted(
      await admin.post(`${CORE}/namespaces/${NAMESPACE}/internalsecrets`, {
        metadata: { name: `${name}.ca-client` },
        type: "Opaque",
        data: { "ca.crt": base64(clients.certificate), "ca.key": base64(clients.key) },
      }),
      201,
    );
    expectAccepted(
      await admin.post(`/api/v1/namespaces/${NAMESPACE}/configmaps`, {
        metadata: { name: `${name}.ca-cluster` },
        data: { "ca.crt": cluster.certificate },
      }),
      201,
    );
    expectAccepted(
      await admin.patch(`${path}/status`, "merge", { status: { advertisedAddresses: ADDRESSES } }),
    );
    return path;
  }

  const ask = async (path: string, level: "viewer" | "admin", expirationSeconds?: number) => {
    const spec = expirationSeconds === undefined ? {} : { expirationSeconds };
    const call = () => world().admin.post(`${path}/${level}kubeconfig`, { spec });
    for (let left = 100; ; left -= 1) {
      const answer = await call();
      // The API server reads the authorities a moment after they are created.
      if (answer.code !== 500 || left === 0) return answer;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };

  const certificateOf = (kubeconfig: string) => {
    const config = bodyOf(load(kubeconfig));
    return new X509Certificate(decoded(config.text("users", 0, "user", "client-certificate-data")));
  };

  describe("a kubeconfig", () => {
    let path: string;
    before(async () => {
      path = await accessible();
    });

    for (const level of ["viewer", "admin"] as const) {
      it(`of a ${level} holds a client certificate of that user and group`, async () => {
        const answer = await ask(path, level, 600);
        expectAccepted(answer, 201);
        const { subject } = certificateOf(decoded(answer.body.text("status", "kubeconfig")));
        expect(subject).to.match(new RegExp(`CN=gardener.cloud:${level}:`));
        expect(subject).to.match(new RegExp(`O=gardener.cloud:system:${level}s`));
      });
    }

    it("expires at the time that it reports", async () => {
      const answer = await ask(path, "viewer", 600);
      const said = new Date(answer.body.text("status", "expirationTimestamp")).getTime();
      const certificate = certificateOf(decoded(answer.body.text("status", "kubeconfig")));
      expect(new Date(certificate.validTo).getTime()).to.equal(said);
      expect(said - Date.now()).to.be.within(500_000, 601_000);
    });

    it("is valid for an hour where no duration is requested", async () => {
      const answer = await ask(path, "viewer");
      const said = new Date(answer.body.text("status", "expirationTimestamp")).getTime();
      expect(said - Date.now()).to.be.within(3_500_000, 3_601_000);
    });

    it("is valid for a day at most, without a warning", async () => {
      const answer = await ask(path, "viewer", 1_000_000);
      const said = new Date(answer.body.text("status", "expirationTimestamp")).getTime();
      expect(said - Date.now()).to.be.within(86_300_000, 86_401_000);
    });

    it("is valid for at least ten minutes", async () => {
      const answer = await ask(path, "viewer", 599);
      expect(answer.code).to.equal(422);
      expect(answer.body.at("details", "causes")).to.deep.equal([
        {
          field: "spec.expirationSeconds",
          reason: "FieldValueInvalid",
          message: "Invalid value: 599: may not specify a duration less than 10 minutes",
        },
      ]);
      expect(answer.body.text("message")).to.equal(
        'ViewerKubeconfigRequest.authentication.gardener.cloud "" is invalid: spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes',
      );
    });

    it("has a context for each address of an API server, the first being the current one", async () => {
      const answer = await ask(path, "viewer");
      const config = bodyOf(load(decoded(answer.body.text("status", "kubeconfig"))));
      const base = `${NAMESPACE}--${nameOf(path)}`;
      expect(config.list("contexts").map((one) => one.text("name"))).to.deep.equal([
        `${base}-external`,
        `${base}-internal`,
        `${base}-wildcard-tls-seed-bound`,
      ]);
      expect(config.text("current-context")).to.equal(`${base}-external`);
      expect(config.text("clusters", 0, "cluster", "server")).to.equal("https://127.0.0.1:10443");
    });

    it("names no authority for the address with a public certificate", async () => {
      const answer = await ask(path, "viewer");
      const config = bodyOf(load(decoded(answer.body.text("status", "kubeconfig"))));
      expect(config.at("clusters", 0, "cluster", "certificate-authority-data")).to.be.a("string");
      expect(config.at("clusters", 2, "cluster", "certificate-authority-data")).to.equal(undefined);
    });
  });

  describe("no kubeconfig", () => {
    it("is issued for a Shoot without an address", async () => {
      const path = await world().reconciled();
      const answer = await world().admin.post(`${path}/viewerkubeconfig`, {});
      expect(answer.code).to.equal(422);
      expect(answer.body.text("message")).to.equal(
        `ViewerKubeconfigRequest.authentication.gardener.cloud "${nameOf(path)}" is invalid: status.status: Invalid value: null: no suitable advertised address for kube-apiserver found in .status.advertisedAddresses`,
      );
    });

    it("is issued for a Shoot without certificate authorities", async () => {
      const path = await world().reconciled();
      expectAccepted(
        await world().admin.patch(`${path}/status`, "merge", { status: { advertisedAddresses: ADDRESSES } }),
      );
      const answer = await world().admin.post(`${path}/viewerkubeconfig`, {});
      expect(answer.code).to.equal(500);
      expect(answer.body.text("reason")).to.equal("InternalError");
      expect(answer.body.text("message")).to.match(
        /^Internal error occurred: could not get client CA secret: /,
      );
    });
  });
}
