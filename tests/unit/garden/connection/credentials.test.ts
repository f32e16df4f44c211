import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { openConnection } from "../../../../provider/garden/connection";
import { createFolder, kubeconfigOf, type Folder } from "../support/kubeconfigs";

describe("credentials in a file", () => {
  let folder: Folder;
  before(async () => (folder = await createFolder()));
  after(() => folder.remove());

  it("are read again after a minute without a refusal", async () => {
    let now = 1_000_000;
    const clock = { now: () => new Date(now), sleep: () => Promise.resolve() };
    const path = join(folder.path, "garden.yaml");
    const write = async (token: string) =>
      writeFile(path, await kubeconfigOf({ server: "https://127.0.0.1:6443", user: { token } }), {
        mode: 0o600,
      });
    await write("one");
    const connection = await openConnection({ kind: "file", path, origin: path }, {}, clock);
    const given = async () => JSON.stringify((await connection.requestOptions()).headers);
    expect(await given()).to.contain("Bearer one");
    await write("two");
    now += 59_999;
    expect(await given()).to.contain("Bearer one");
    now += 1;
    expect(await given()).to.contain("Bearer two");
  });
});
