import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import { encodeBytes32String, id, type Wallet } from "ethers";

import { parseEther, parseNmr, predictionsHash, stakeData } from "../../sdk/index.js";
import type { DemoChain } from "./chain.js";
import { loadMarket } from "./market.js";
import { writeTargets } from "./market-files.js";
import { openAccount } from "./open-account.js";
import { ROUND_TERMS } from "./round-terms.js";
import { COMPETITORS, preparePredictions, type Competitor, type PreparedPredictions } from "./scientists.js";

const DAY = 86_400;

/** A data scientist with an account, a model and a stake in the demo's round. */
export interface Entrant extends PreparedPredictions {
  account: Wallet;
  modelId: bigint;
}

/** A round that is closed and waits for its scores. */
export interface StagedRound {
  roundId: bigint;
  entrants: Entrant[];
  /** Folder with the predictions that were delivered. */
  store: string;
  /** Path of the targets. */
  targets: string;
  /** Seconds. */
  challengePeriod: number;
  /** Last second in which the round can be resolved, in Unix seconds. */
  deadline: number;
}

/**
 * Opens a round, lets the data scientists train and stake, and closes it.
 * @param folder Where predictions and targets are kept.
 * @param opened Called when everybody holds NMR and the round takes stakes: the time to read the books.
 * @param competitors Who takes part.
 */
export async function stageRound(
  chain: DemoChain,
  folder: string,
  opened: (roundId: bigint, entrants: readonly Entrant[]) => Promise<void>,
  competitors: readonly Competitor[] = COMPETITORS,
): Promise<StagedRound> {
  const { log, suite } = chain.context;
  log.info("training the models on the S&P 500, 2000–2009 …");
  const market = loadMarket();
  const targets = path.join(folder, "targets.parquet");
  await writeTargets(market, targets);
  const prepared = await preparePredictions(folder, market, competitors);

  log.info("opening a round and giving every data scientist an account, NMR and a model …");
  const roundId = await openRound(chain);
  const entrants = await enrol(chain, prepared);
  await opened(roundId, entrants);

  log.info(`${entrants.length} data scientists stake …`);
  await stakeAll(chain, folder, roundId, entrants);
  const { terms, deadline } = await suite.tournament.getRound(roundId);
  await chain.advanceTo(Number(terms.closesAt));
  return {
    roundId,
    entrants,
    store: folder,
    targets,
    challengePeriod: Number(terms.challengePeriod),
    deadline: Number(deadline),
  };
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
  const { suite } = chain.context;
  const entrants: Entrant[] = [];
  for (const one of prepared) {
    const { name, modelName, stake } = one.scientist;
    const account = await openAccount(chain, name, parseNmr(stake));
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
    const data = stakeData({ roundId, modelId, confidence: parseNmr(scientist.confidence), predictionsHash: hash });
    const nmr = suite.nmr.connect(account);
    await (await nmr["transferAndCall(address,uint256,bytes)"](tournament, parseNmr(scientist.stake), data)).wait();
    deliveries.push(`${modelId.toString()},${path.basename(file)},${salt},${await chain.now()}`);
  }
  await writeFile(path.join(folder, "deliveries.csv"), `${deliveries.join("\n")}\n`);
}
