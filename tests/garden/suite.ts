/** A suite on the real Gardener: built and started before its tests, or passed over, aloud, where that cannot be. */
import { buildGarden } from "./build";

const BUILD_MS = 20 * 60_000;

export function describeReal(title: string, define: () => void): void {
  describe(title, () => {
    before(async function () {
      this.timeout(BUILD_MS);
      const build = await buildGarden((line) => {
        process.stderr.write(`${line}\n`);
      });
      if (build.kind === "built") return;
      process.stderr.write(`NOT TESTED: ${title}. ${build.reason}\n`);
      this.skip();
    });
    define();
  });
}
