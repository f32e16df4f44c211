import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { expect } from "chai";
import { cliVersion, moduleHash } from "../../../tools/engine/cache";
import { searchEngine } from "../../../tools/engine/engine";

const version = cliVersion();
const saysVersion = `#!/bin/sh\necho v${version}\n`;
const fails = "#!/bin/sh\nexit 1\n";

/** As `go build -o FILE`; notes each build. */
const builds = (file: string) => `#!/bin/sh
case $1 in
build) while [ "$1" != -o ]; do shift; done
  echo built >> ${file}
  printf '#!/bin/sh\\necho v${version}\\n' > "$2" && chmod +x "$2" ;;
esac
`;

/** As `npm install pulumi`, of a package whose first run downloads a release. */
const installs = `#!/bin/sh
mkdir -p node_modules/pulumi
cat > node_modules/pulumi/run.js <<'END'
const fs = require("node:fs");
const bin = process.env.PULUMI_HOME + "/versions/${version}/bin";
fs.mkdirSync(bin, { recursive: true });
for (const file of ["pulumi", "pulumi-language-nodejs"]) {
  fs.writeFileSync(bin + "/" + file, ${JSON.stringify(saysVersion)}, { mode: 0o755 });
}
END
`;

describe("the search for a Pulumi engine", function () {
  this.timeout(20_000);
  const { PATH, XDG_CACHE_HOME } = process.env;
  let folder: string;
  let cache: string;
  let logged: string[];
  const log = (line: string) => logged.push(line);

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "pulumi-gardener-"));
    cache = path.join(folder, "cache");
    logged = [];
    process.env.PATH = [path.join(folder, "bin"), PATH].join(path.delimiter);
    process.env.XDG_CACHE_HOME = cache;
    await onPath("pulumi", fails);
    await onPath("npm", fails);
    await onPath("go", fails);
  });
  afterEach(async () => {
    process.env.PATH = PATH;
    if (XDG_CACHE_HOME === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = XDG_CACHE_HOME;
    await rm(folder, { recursive: true });
  });

  async function script(file: string, text: string): Promise<void> {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
    await chmod(file, 0o755);
  }

  const onPath = (name: string, text: string) => script(path.join(folder, "bin", name), text);
  const built = () => path.join(cache, "pulumi-gardener", `build-${version}-${moduleHash()}`);

  it("uses the CLI on PATH", async () => {
    await onPath("pulumi", "#!/bin/sh\necho v3.216.0\n");
    const engine = await searchEngine(log);
    expect(engine).to.include({ root: undefined, version: "3.216.0" });
  });

  it("ignores one that is too old, and uses the cached one", async () => {
    await onPath("pulumi", "#!/bin/sh\necho v3.215.9\n");
    await script(path.join(built(), "bin", "pulumi"), saysVersion);
    expect(await searchEngine(log)).to.include({ root: built(), version });
    expect(logged).to.deep.equal([]);
  });

  it("fetches Pulumi's release by way of npm, with the host that runs Node.js programs", async () => {
    await onPath("npm", installs);
    const root = path.join(cache, "pulumi-gardener", `release-${version}`, "versions", version);
    expect(await searchEngine(log)).to.include({ root, version, languageHost: true });
    await onPath("npm", fails);
    expect(await searchEngine(log)).to.include({ root });
  });

  it("builds where npm has no download, reports that in one line, and keeps the result", async () => {
    await onPath("go", builds(path.join(folder, "log")));
    expect(await searchEngine(log)).to.deep.include({ root: built(), version, folders: [] });
    expect(logged).to.have.length(1);
    expect(logged[0]).to.match(/building 3\.\d+\.\d+ from its Go module into .*, once; 4 to 5 minutes/);
    await onPath("go", fails);
    expect(await searchEngine(log)).to.include({ root: built() });
  });

  it("builds once for two processes at the same time", async () => {
    const file = path.join(folder, "log");
    await onPath("go", builds(file));
    const engines = await Promise.all([searchEngine(log), searchEngine(log)]);
    expect(engines.map(({ root }) => root)).to.deep.equal([built(), built()]);
    expect(await readFile(file, "utf8")).to.equal("built\n");
  });

  it("does not wait for a process that has ended meanwhile", async () => {
    await onPath("go", builds(path.join(folder, "log")));
    await mkdir(path.join(cache, "pulumi-gardener"), { recursive: true });
    await writeFile(path.join(cache, "pulumi-gardener", "lock"), "999999999");
    expect(await searchEngine(log)).to.include({ root: built() });
  });

  it("puts the launcher of dynamic providers on PATH where the CLI has none", async () => {
    await script(path.join(built(), "bin", "pulumi"), saysVersion);
    const { folders } = await searchEngine(log);
    expect(folders).to.have.length(1);
    expect(folders[0]).to.match(/@pulumi.pulumi$/);
  });

  it("reports what to install where neither is possible", async () => {
    const error = await searchEngine(log).catch((reason: unknown) => reason);
    expect(String(error)).to.contain("Install the Pulumi CLI").and.to.contain("or Go 1.25.11 or later");
  });
});
