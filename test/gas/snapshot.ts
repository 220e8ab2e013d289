import { readFileSync, writeFileSync } from "node:fs";

import type { Operation } from "./operations.js";

const FILE = new URL("snapshot.json", import.meta.url);

/** The gas of each operation, as recorded. */
export function readSnapshot(): Partial<Record<string, number>> {
  return JSON.parse(readFileSync(FILE, "utf8")) as Partial<Record<string, number>>;
}

/** Records the gas of each operation. */
export function writeSnapshot(operations: readonly Operation[]): void {
  const figures = Object.fromEntries(operations.map(({ name, gas }) => [name, gas]));
  writeFileSync(FILE, `${JSON.stringify(figures, null, 2)}\n`);
}
