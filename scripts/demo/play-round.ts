import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import { AbiCoder, Wallet, encodeBytes32String, id } from "ethers";

import { parseEther, parseNmr, predictionsHash } from "../../sdk/index.js";
import { apply } from "../oracle/apply.js";
import { finalize } from "../oracle/finalize.js";
import { plan, type PlannedOutcome } from "../oracle/plan.js";
import { score } from "../oracle/score.js";
import { settle } from "../oracle/settle.js";
import { verify, type VerifyResult } from "../oracle/verify.js";
import type { ScoredModel } from "../oracle/score/score-round.js";
import type { DemoChain } from "./chain.js";
import { loadMarket } from "./market.js";
import { writeTargets } from "./market-files.js";
import { ROUND_TERMS } from "./round-terms.js";
import { preparePredictions, type PreparedPredictions } from "./scientists.js";

const DAY = 86_400;

/** A data scientist with an account, a model and a stake in the demo's round. */
export interface Entrant extends PreparedPredictions {
  account: Wallet;
  modelId: bigint;
}

export interface PlayedRound {
  roundId: bigint;
  entrants: Entrant[];
  scored: ScoredModel[];
  /** What the plan said would become of each stake; in index order. */
  outcomes: PlannedOutcome[];
  verified: VerifyResult;
}

/**
 * Plays a whole round: opens it, lets the data scientists train and stake, scores and resolves it with the oracle's own
 * commands, settles every stake and sweeps the remainder.
 * @param folder Where predictions, targets, scores and plan are kept.
 * @param opened Called when everybody holds NMR and the round takes stakes: the time to read the books.
 */
export async function playRound(
  chain: DemoChain,
  folder: string,
  opened: (roundId: bigint, entrants: readonly Entrant[]) => Promise<void>,
): Promise<PlayedRound> {
  const { context } = chain;
  const { tournament, committee } = context.suite;
  const { log } = context;

  log.info("training the models on the S&P 500, 2000–2009 …");
  const market = loadMarket();
  const targets = path.join(folder, "targets.parquet");
  await writeTargets(market, targets);
  const prepared = await preparePredictions(folder, market);

  log.info("opening a round and giving every data scientist an account, NMR and a model …");
  const roundId = await openRound(chain);
  const entrants = await enrol(chain, prepared);
  await opened(roundId, entrants);

  log.info(`${entrants.length} data scientists stake …`);
  await stakeAll(chain, folder, roundId, entrants);
  const { terms } = await tournament.getRound(roundId);
  await chain.advanceTo(Number(terms.closesAt));

  log.info("the oracle measures the predictions and resolves the round …");
  const scoreFile = path.join(folder, "scores.csv");
  const { models } = await score({ predictions: folder, targets, out: scoreFile, roundId }, log, context);
  const planPath = path.join(folder, "plan.json");
  const { outcomes } = await plan(context, { roundId, scoreFile, out: planPath });
  const operator = { ...context, signer: await chain.signer("member1") };
  const { attemptId, reportHash } = await apply(operator, { planPath });

  log.info("a second committee member recomputes everything and approves …");
  requireAgreement(await verify(context, { roundId, attemptId, scoreFile }));
  await (await committee.connect(await chain.signer("member2")).approve(reportHash)).wait();
  await chain.advanceTo((await chain.now()) + Number(terms.challengePeriod));
  await finalize(operator, { roundId });

  log.info("settling …");
  await settle(operator, { roundId });
  await (await tournament.connect(operator.signer).sweepRemainder(roundId)).wait();
  const verified = await verify(context, { roundId, scoreFile });
  requireAgreement(verified);
  return { roundId, entrants, scored: models, outcomes, verified };
}

async function openRound(chain: DemoChain): Promise<bigint> {
  const { tournament } = chain.context.suite;
  const manager = await chain.signer("roundManager");
  const closesAt = (await chain.now()) + DAY;
  const terms = {
    closesAt,
    resolveBy: closesAt + 7 * DAY,
    challengePeriod: DAY,
    benchmark: ROUND_TERMS.benchmark,
    minConsistency: ROUND_TERMS.minConsistency,
    minStake: parseNmr("0.1"),
    minConfidence: parseNmr("0.1"),
  };
  const sponsor = await manager.getAddress();
  const value = parseEther(ROUND_TERMS.prizePool);
  await (await tournament.connect(manager).openRound(terms, sponsor, { value })).wait();
  return tournament.roundCount();
}

async function enrol(chain: DemoChain, prepared: readonly PreparedPredictions[]): Promise<Entrant[]> {
  const { provider, suite } = chain.context;
  const minter = await chain.signer("minter");
  const entrants: Entrant[] = [];
  for (const one of prepared) {
    const { name, modelName, stake } = one.scientist;
    // A key anybody can know: right for a demo, and for nothing else.
    const account = new Wallet(id(`numeraire demo: ${name}`), provider);
    await chain.giveEther(account.address);
    await (await suite.nmr.connect(minter).mint(account.address, parseNmr(stake))).wait();
    await (await suite.tournament.connect(account).registerModel(encodeBytes32String(modelName))).wait();
    entrants.push({ ...one, account, modelId: await suite.tournament.modelCount() });
  }
  return entrants;
}

/** Everybody stakes in one transaction, without an approval, and delivers the predictions to the operator's store. */
async function stakeAll(
  chain: DemoChain,
  folder: string,
  roundId: bigint,
  entrants: readonly Entrant[],
): Promise<void> {
  const { chainId, suite } = chain.context;
  const tournament = await suite.tournament.getAddress();
  const deliveries = ["model_id,file,salt,received_at"];
  for (const { account, file, modelId, scientist } of entrants) {
    const salt = id(`salt of ${scientist.name}`);
    const fileSha256 = `0x${createHash("sha256")
      .update(await readFile(file))
      .digest("hex")}`;
    const hash = predictionsHash({ chainId, tournament, roundId, modelId, salt, fileSha256 });
    const data = AbiCoder.defaultAbiCoder().encode(
      ["uint256", "uint256", "uint96", "bytes32"],
      [roundId, modelId, parseNmr(scientist.confidence), hash],
    );
    const nmr = suite.nmr.connect(account);
    await (await nmr["transferAndCall(address,uint256,bytes)"](tournament, parseNmr(scientist.stake), data)).wait();
    deliveries.push(`${modelId.toString()},${path.basename(file)},${salt},${await chain.now()}`);
  }
  await writeFile(path.join(folder, "deliveries.csv"), `${deliveries.join("\n")}\n`);
}

function requireAgreement({ ok, differences }: VerifyResult): void {
  if (!ok) throw new Error(`the round does not verify: ${JSON.stringify(differences)}`);
}
