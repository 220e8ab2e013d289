import { NumeraireError } from "../../sdk/index.js";
import type { Log } from "../terminal/log.js";

/** One thing that happened. */
export interface Scene {
  who: string;
  does: string;
  /** What came of it. */
  outcome: string;
}

/** Tells a scenario scene by scene: to the log as it happens, and whole at the end. */
export class Story {
  readonly scenes: Scene[] = [];
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  tell(who: string, does: string, outcome: string): void {
    this.scenes.push({ who, does, outcome });
    this.#log.info(`${who} ${does}: ${outcome}`);
  }

  /**
   * Tells of something that must be refused.
   * @returns Why it was refused.
   * @throws {Error} when it was not: the scenario then shows the opposite of what it is for.
   */
  async tellRefusal(who: string, does: string, action: () => Promise<unknown>): Promise<NumeraireError> {
    try {
      await action();
    } catch (error) {
      if (!(error instanceof NumeraireError)) throw error;
      this.tell(who, does, `refused: ${error.message}`);
      return error;
    }
    throw new Error(`${who} ${does}: expected a refusal`);
  }
}

/** A story for people, a paragraph a scene. */
export function renderStory(scenes: readonly Scene[]): string {
  return scenes
    .map(({ who, does, outcome }, i) => `${i + 1}. ${who} ${does}\n   ${outcome.split("\n").join("\n   ")}`)
    .join("\n");
}
