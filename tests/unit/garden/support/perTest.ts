/** What each test of a suite has for itself: an API server, a folder, a garden. Call them inside `describe`. */
import { createGardenerGarden, type GardenSettings } from "../../../../provider/garden/gardener";
import type { Garden } from "../../../../provider/garden/garden";
import { startApiServer, type ApiServer } from "./api-server";
import { connectWith, createFolder, type Folder, type Parts } from "./kubeconfigs";

export function apiServerPerTest(): ApiServer {
  const current = perTest(startApiServer, (server) => server.close());
  return {
    get url() {
      return current().url;
    },
    get port() {
      return current().port;
    },
    get requests() {
      return current().requests;
    },
    on: (call, ...routes) => current().on(call, ...routes),
    calls: () => current().calls(),
    close: () => current().close(),
  };
}

export function folderPerTest(): Folder {
  const current = perTest(createFolder, (folder) => folder.remove());
  return {
    get path() {
      return current().path;
    },
    write: (...file) => current().write(...file),
    remove: () => current().remove(),
  };
}

function perTest<Value>(start: () => Promise<Value>, stop: (value: Value) => Promise<void>): () => Value {
  let started: { readonly value: Value } | undefined;
  const current = (): Value => {
    if (started === undefined) throw new Error("It exists only while a test runs");
    return started.value;
  };
  beforeEach(async () => {
    started = { value: await start() };
  });
  afterEach(() => stop(current()));
  return current;
}

export async function gardenAt(parts: Parts, settings?: GardenSettings): Promise<Garden> {
  return createGardenerGarden(await connectWith(parts), settings);
}
