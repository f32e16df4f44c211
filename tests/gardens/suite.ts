/** What every garden does behind the interface, as far as its capabilities go. */
import { failures } from "./failures";
import { reads } from "./reads";
import { useScene, type Scene } from "./scene";
import { watches } from "./watches";
import { writes } from "./writes";

export function gardenSuite(open: () => Promise<Scene>): void {
  const scene = useScene(open);
  for (const part of [reads, writes, watches, failures]) part(scene);
}
