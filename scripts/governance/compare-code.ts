import { readFile } from "node:fs/promises";
import path from "node:path";

import { CONTRACT_NAMES } from "../../sdk/contracts.js";
import { readArtifact, type Compiled } from "../chain/compiled-code.js";
import { maskedCode } from "../chain/masked-code.js";
import type { Context } from "../chain/context.js";
import type { Difference } from "../oracle/verify/check.js";

/**
 * Where the code on chain is not that of the build, but for what constructors fill in.
 * @param records Folder with the deployment's records, which say where each contract's source is.
 */
export async function compareCode({ provider, suite }: Context, records: string): Promise<Difference[]> {
  const compared = await Promise.all(
    Object.entries(CONTRACT_NAMES).map(async ([key, name]): Promise<Difference[]> => {
      const address = await suite[key as keyof typeof CONTRACT_NAMES].getAddress();
      const { sourceName } = JSON.parse(await readFile(path.join(records, `${name}.json`), "utf8")) as Compiled;
      const built = await readArtifact(sourceName, name);
      const code = await provider.getCode(address);
      const what = `${name}: code at ${address}`;
      if (built === undefined) return [{ what, found: "no build to compare it with", expected: `${sourceName} built` }];
      if (code === "0x") return [{ what, found: "none", expected: "that of the build" }];
      if (maskedCode(code, built) === maskedCode(built.deployedBytecode, built)) return [];
      return [{ what, found: "other code", expected: "that of the build" }];
    }),
  );
  return compared.flat();
}
