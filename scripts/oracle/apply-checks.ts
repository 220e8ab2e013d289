import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";

import { keccak256 } from "ethers";

import { resolveAuction } from "../../sdk/auction.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";
import { unpackScores } from "../../sdk/score-sheet.js";
import type { Context } from "../chain/context.js";
import type { Plan, PlannedFile } from "./plan-file.js";
import { readStakes, type RoundState } from "./round-state.js";
import { stakesHash } from "./stakes-hash.js";

/**
 * Checks that a plan is for this chain and these contracts.
 * @throws {NumeraireError} naming what differs.
 */
export async function checkDeployment(context: Context, plan: Plan): Promise<void> {
  const { suite, chainId, network } = context;
  if (chainId !== plan.chainId) {
    throw new NumeraireError(
      `plan: found chain ${chainId.toString()} (${network}), expected ${plan.chainId.toString()}`,
      {
        hint: "Choose the network the plan was made for with --network.",
      },
    );
  }
  const tournament = await suite.tournament.getAddress();
  if (tournament.toLowerCase() !== plan.tournament.toLowerCase()) {
    throw new NumeraireError(`plan: found tournament ${tournament}, expected ${plan.tournament}`, {
      hint: "The plan is for another deployment: plan again for this one.",
    });
  }
  const codeHash = keccak256(await context.provider.getCode(tournament));
  if (codeHash !== plan.codeHash) {
    throw new NumeraireError(`tournament ${tournament}: found code ${codeHash}, expected ${plan.codeHash}`, {
      hint: "Another contract lives at this address than when the plan was made: plan again.",
    });
  }
}

/**
 * Checks that score file and mapping are those that the plan was made from.
 * @param planPath Path of the plan, whose folder the files' paths start from.
 * @throws {NumeraireError} when one is missing or has changed.
 */
export async function checkFiles({ scoreFile, mapping }: Plan, planPath: string): Promise<void> {
  await checkFile("score file", scoreFile, planPath);
  if (mapping !== null) await checkFile("mapping file", mapping, planPath);
}

async function checkFile(what: string, planned: PlannedFile, planPath: string): Promise<void> {
  const file = path.resolve(path.dirname(planPath), planned.path);
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw new NumeraireError(`${file}: found no readable file, expected the plan's ${what}`, {
      hint: `Put the ${what} back where it was, or plan again.`,
      cause: error,
    });
  }
  const sha256 = `0x${createHash("sha256").update(bytes).digest("hex")}`;
  if (sha256 !== planned.sha256) {
    throw new NumeraireError(`${file}: found sha256 ${sha256}, expected ${planned.sha256}`, {
      hint: `The ${what} changed since the plan was made: plan again, or restore the file.`,
    });
  }
}

/**
 * Checks that round and stakes are what the plan saw, and that the plan's cut and totals follow from them.
 * @throws {NumeraireError} naming what differs.
 */
export async function checkRound(context: Context, plan: Plan, round: RoundState): Promise<void> {
  const stakes = await readStakes(context, round);
  expectSame(plan, "stakes", stakesHash(stakes), plan.stakesHash);
  expectSame(plan, "prize pool", round.prizePool, plan.prizePool);
  expectSame(plan, "bonus pool", round.bonusPool, plan.bonusPool);
  for (const name of ["benchmark", "minConsistency", "minConfidence", "challengePeriod"] as const) {
    expectSame(plan, name, round.terms[name], plan.terms[name]);
  }
  const auction = resolveAuction({
    stakes,
    scores: unpackScores(plan.chunks),
    terms: round.terms,
    prizePool: round.prizePool,
  });
  expectSame(plan, "cut", plan.cut, auction.cut);
  expectSame(plan, "ether above the cut", plan.totals.above, auction.above);
  expectSame(plan, "NMR destroyed", plan.totals.burned, auction.burned);
}

function expectSame(
  plan: Plan,
  what: string,
  found: bigint | number | string,
  expected: bigint | number | string,
): void {
  if (found === expected) return;
  throw new NumeraireError(
    `plan for round ${plan.roundId.toString()}: found ${what} ${String(found)}, expected ${String(expected)}`,
    { hint: "Chain and plan do not belong together any more: plan again." },
  );
}
