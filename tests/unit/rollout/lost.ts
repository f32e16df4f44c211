/** Writes whose response is lost. */
import { UserError } from "../../../provider/model/problem";
import { accept, type Scene } from "./scene";

export const lost = (code: "GU005" | "GU013" = "GU005") =>
  new UserError(code, "The answer was lost.", { writeOutcome: "unknown", retryable: true });

/** The write is made, and its answer is lost. */
export function loseAnswer(scene: Scene, error = lost()): void {
  scene.answers.push((change, live) => {
    scene.live = accept(change, live).shoot;
    throw error;
  });
}

/** Neither the write arrives nor an answer. */
export function loseWrite(scene: Scene): void {
  scene.answers.push(() => {
    throw lost();
  });
}
