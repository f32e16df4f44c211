import { expect } from "chai";
import { openConnection } from "../../../../provider/garden/connection";
import { systemClock } from "../../../../provider/model/clock";
import { failureOf } from "../support/failures";
import { connectWith, createFolder, kubeconfigOf, type Folder } from "../support/kubeconfigs";

const server = "https://127.0.0.1:6443";

function open(content: string, context?: string) {
  return openConnection({ kind: "content", content, context, origin: "of the test" }, {}, systemClock);
}

describe("a kubeconfig", () => {
  let folder: Folder;
  before(async () => (folder = await createFolder()));
  after(() => folder.remove());

  it("that does not exist is named with its path and the setting that names it", async () => {
    const path = `${folder.path}/none.yaml`;
    const opening = openConnection(
      { kind: "file", path, origin: `${path} (GARDEN_KUBECONFIG)` },
      {},
      systemClock,
    );
    expect((await failureOf(opening, "GU002")).message)
      .to.contain(path)
      .and.contain("GARDEN_KUBECONFIG")
      .and.contain("does not exist");
  });

  it("that is a folder is reported as such", async () => {
    const opening = openConnection({ kind: "file", path: folder.path, origin: folder.path }, {}, systemClock);
    expect((await failureOf(opening, "GU002")).message).to.contain("is a folder");
  });

  it("that is not YAML is reported with line and reason, without its text", async () => {
    const content = "apiVersion: v1\nusers:\n- name: jane\n  user: {token: [s3cr3t-token\n";
    const { message } = await failureOf(open(content), "GU003");
    expect(message)
      .to.match(/not YAML: .+, line \d/)
      .and.not.contain("s3cr3t");
  });

  it("with a duplicate key or an unknown tag is reported without its text", async () => {
    const doubled = "a: 1\ns3cr3t: x\ns3cr3t: y\n";
    expect((await failureOf(open(doubled), "GU003")).message).not.to.contain("s3cr3t");
    const tagged = "a: !<s3cr3t> x\n";
    expect((await failureOf(open(tagged), "GU003")).message).not.to.contain("s3cr3t");
  });

  it("that is not an object is refused", async () => {
    await failureOf(open("- just\n- a list\n"), "GU003");
  });

  it("without the requested context is refused with its contexts and the most similar one", async () => {
    const { message } = await failureOf(open(await kubeconfigOf({ server }), "gardn"), "GU004");
    expect(message).to.contain('no context "gardn"').and.contain('Did you mean "garden"?');
  });

  it("without a current-context is refused with the settings for one", async () => {
    const content = JSON.stringify({ contexts: [{ name: "a", context: {} }] });
    expect((await failureOf(open(content), "GU004")).message)
      .to.contain("gardener:context")
      .and.contain("It has: a.");
  });

  it("whose context names no cluster is refused", async () => {
    const content = JSON.stringify({
      "current-context": "a",
      contexts: [{ name: "a", context: { cluster: "b" } }],
    });
    await failureOf(open(content), "GU003");
  });

  it("that turns verification off is refused", async () => {
    const opening = connectWith({ server, cluster: { "insecure-skip-tls-verify": true } });
    expect((await failureOf(opening, "GU003")).message).to.contain("insecure-skip-tls-verify");
  });

  it("with a server that is not https is refused", async () => {
    await failureOf(connectWith({ server: "http://127.0.0.1:8080" }), "GU003");
  });

  it("with a username and password is refused, as no API server takes them", async () => {
    const { message } = await failureOf(
      connectWith({ server, user: { username: "jane", password: "s3cr3t" } }),
      "GU003",
    );
    expect(message).to.contain("username").and.not.contain("s3cr3t");
  });

  it("with data that is not PEM is refused with the name of the field", async () => {
    const opening = connectWith({ server, cluster: { "certificate-authority-data": "c2VjcmV0" } });
    expect((await failureOf(opening, "GU003")).message).to.contain("certificate-authority-data");
  });

  it("has a description without user and password of the server's address", async () => {
    const connection = await connectWith({ server: "https://jane:s3cr3t@127.0.0.1:6443/prefix/" });
    expect(connection.description).to.equal("the garden https://127.0.0.1:6443/prefix");
  });

  it("stays at its first context and server, whatever changes in the file later", async () => {
    const path = await folder.write("moving.yaml", await kubeconfigOf({ server }));
    const connection = await openConnection({ kind: "file", path, origin: path }, {}, systemClock);
    await folder.write("moving.yaml", await kubeconfigOf({ server: "https://127.0.0.1:7443" }));
    const { message } = await failureOf(connection.requestOptions(), "GU007");
    expect(message).to.contain("https://127.0.0.1:6443").and.contain("https://127.0.0.1:7443");
  });
});
