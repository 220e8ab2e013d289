import path from "node:path";

import { parametersOf } from "../../deploy/_parameters.js";
import { stages } from "../../deploy/_stages.js";
import { CONTRACT_NAMES } from "../../sdk/contracts.js";
import { toNumeraireError } from "../../sdk/decode-error.js";
import type { Context } from "../chain/context.js";
import { compareCode } from "../governance/compare-code.js";
import { compareGrants } from "../governance/compare-grants.js";
import { compareRules } from "../governance/compare-rules.js";
import { compareWiring } from "../governance/compare-wiring.js";
import { readHolders } from "../governance/holders.js";
import { readGovernance } from "../governance/read-governance.js";
import type { Check, Difference } from "../oracle/verify/check.js";
import { plural } from "../terminal/plural.js";
import { compareGenesis } from "./compare-genesis.js";
import { compareParameters } from "./compare-parameters.js";

export interface DeploymentReport {
  ok: boolean;
  /** Block that was looked at. */
  block: number;
  checks: Check[];
  /** Those of all checks. */
  differences: Difference[];
}

/**
 * Compares a deployment with what configuration, records and build say of it.
 * @param root Folder that holds one folder of records a network.
 * @throws {NumeraireError} when the configuration does not name a holder.
 */
export async function checkDeployment(context: Context, root = "deployments"): Promise<DeploymentReport> {
  const records = path.join(root, context.network);
  const declared = parametersOf(context.network);
  const code = [...(await compareGenesis(context, records)), ...(await compareCode(context, records))];
  const holders = await readHolders(context);
  const block = await context.provider.getBlockNumber();
  const checks: Check[] = [
    {
      name: "code",
      detail: `${plural(Object.keys(CONTRACT_NAMES).length, "contract")} of this build on the recorded chain`,
      differences: code,
    },
  ];
  const add = async (name: string, detail: string, compare: () => Promise<Difference[]>): Promise<void> => {
    checks.push({ name, detail, differences: await compare().catch(unlessOtherCode(name, code)) });
  };
  await add("addresses", "whom contracts name", () => compareWiring(context, holders));
  await add("parameters", "as in deploy/_parameters.ts", () => compareParameters(context, holders));
  await add("holders", `stage ${declared.stage} (${stages[declared.stage].name})`, async () =>
    compareGrants(await readGovernance(context), holders, [declared.stage]),
  );
  await add("rules", "authorities, functions, role admins and guardians, delays, what waits", async () =>
    compareRules(await readGovernance(context), holders, declared),
  );
  const differences = checks.flatMap((check) => check.differences);
  return { ok: differences.length === 0, block, checks, differences };
}

/** Other code may answer anything or nothing: that is one more difference. Elsewhere a failure is one. */
function unlessOtherCode(what: string, code: readonly Difference[]): (error: unknown) => Difference[] {
  return (error) => {
    if (code.length === 0) throw error;
    return [{ what, found: `no answer (${toNumeraireError(error).message})`, expected: "that of the build" }];
  };
}
