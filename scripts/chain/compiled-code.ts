import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

import type { CompiledCode } from "./masked-code.js";

/** A contract as it was compiled: for the deployment, or for this program. */
export interface Compiled extends CompiledCode {
  sourceName: string;
}

const ARTIFACTS = fileURLToPath(new URL("../../artifacts", import.meta.url));

/** The build of a contract; undefined where there is none. */
export async function readArtifact(sourceName: string, name: string): Promise<Compiled | undefined> {
  const text = await readFile(path.join(ARTIFACTS, sourceName, `${name}.json`), "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Compiled);
}
