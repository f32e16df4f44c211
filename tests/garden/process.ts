/** A process that starts the real garden and waits, for a test that kills it. */
import { startRealGarden } from "./garden";

startRealGarden().then(
  (garden) => {
    process.stdout.write(`${garden.logs}\n`);
    setInterval(() => undefined, 60_000);
  },
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 1;
  },
);
