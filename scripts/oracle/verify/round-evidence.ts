import type { AttemptState } from "../attempt-state.js";
import { readAttempt, readAttempts } from "../attempt-state.js";
import type { Context } from "../../chain/context.js";
import { NumeraireError } from "../../../sdk/numeraire-error.js";
import { readEventWords } from "../event-words.js";
import { pageLogs } from "../../chain/page-logs.js";
import { plural } from "../../terminal/plural.js";
import { readRound, readStakes, type RoundState, type RoundTerms, type StakeState } from "../round-state.js";
import { readOrdinals, readSettlements, type SettledStake } from "../settlements.js";

/** A chunk of scores as it was announced, and as it lies in the code. */
export interface ChunkEvidence {
  firstIndex: number;
  pointer: string;
  /** Pointer that the contract names for the chunk. */
  contractPointer: string;
  /** Hex of the event's data. */
  packed: string;
  /** Hex of the pointer's code. */
  code: string;
}

/** An attempt, with everything the chain says about it. */
export interface AttemptEvidence {
  attempt: AttemptState;
  chunks: ChunkEvidence[];
  /** As the contract computes it now. */
  reportHash: string;
  /** As announced with the last chunk; empty when it was not. */
  announcedHash: string;
}

/** How the round was resolved. */
export interface ResolutionEvidence {
  attemptId: number;
  ordinal: number;
  /** NMR, in wei. */
  burned: bigint;
  blockNumber: number;
  logIndex: number;
  /** Unix seconds. */
  timestamp: number;
  /** NMR of each transfer from the tournament to zero in the transaction, in wei. */
  burnTransfers: bigint[];
}

/** Everything the chain says about a round, read at one block. */
export interface RoundEvidence {
  blockNumber: number;
  round: RoundState;
  /** Terms as announced when the round opened. */
  openedTerms: RoundTerms | undefined;
  /** Stakes out of storage; settled ones have an amount of zero. */
  stored: StakeState[];
  /** Stakes out of the events that placed and raised them, in index order. */
  placed: StakeState[];
  /** Ether contributed, in wei. */
  prizeFunded: bigint;
  /** NMR contributed, in wei. */
  bonusFunded: bigint;
  /** Absent for a void round. */
  scoring: AttemptEvidence | undefined;
  /** Absent until resolved. */
  resolution: ResolutionEvidence | undefined;
  /** Settlements of all rounds, in the order of the chain. */
  settlements: SettledStake[];
  /** Ordinals of all resolved rounds. */
  ordinals: Map<bigint, number>;
  /** Absent until swept. */
  swept: { etherAmount: bigint; bonusAmount: bigint } | undefined;
}

/**
 * Reads everything about a round that verifying needs.
 * @param attemptId Attempt to look at; the resolving one, or the newest complete one, when left out.
 * @throws {NumeraireError} when there is nothing to verify yet.
 */
export async function readRoundEvidence(
  context: Context,
  roundId: bigint,
  attemptId: number | undefined,
  blockNumber: number,
): Promise<RoundEvidence> {
  const { tournament } = context.suite;
  const round = await readRound(tournament, roundId, blockNumber);
  const attempt = await chooseAttempt(context, round, attemptId, blockNumber);
  const { filters } = tournament;
  const range = { from: context.fromBlock, to: blockNumber };
  const [opened, prize, bonus, swept] = await Promise.all([
    pageLogs((from, to) => tournament.queryFilter(filters.RoundOpened(roundId), from, to), range),
    pageLogs((from, to) => tournament.queryFilter(filters.PrizeFunded(roundId), from, to), range),
    pageLogs((from, to) => tournament.queryFilter(filters.BonusFunded(roundId), from, to), range),
    pageLogs((from, to) => tournament.queryFilter(filters.RemainderSwept(roundId), from, to), range),
  ]);
  const terms = opened[0]?.args.terms;
  return {
    blockNumber,
    round,
    openedTerms: terms && {
      closesAt: Number(terms.closesAt),
      resolveBy: Number(terms.resolveBy),
      challengePeriod: Number(terms.challengePeriod),
      benchmark: Number(terms.benchmark),
      minConsistency: Number(terms.minConsistency),
      minStake: terms.minStake,
      minConfidence: terms.minConfidence,
    },
    stored: await readStakes(context, round, blockNumber),
    placed: await readPlaced(context, roundId, blockNumber),
    prizeFunded: prize.reduce((sum, { args }) => sum + args.amount, 0n),
    bonusFunded: bonus.reduce((sum, { args }) => sum + args.amount, 0n),
    scoring: attempt && (await readScoring(context, roundId, attempt, range)),
    resolution: await readResolution(context, roundId, range),
    settlements: await readSettlements(context, blockNumber),
    ordinals: await readOrdinals(context, blockNumber),
    swept: swept[0] && { etherAmount: swept[0].args.etherAmount, bonusAmount: swept[0].args.bonusAmount },
  };
}

interface BlockRange {
  from: number;
  to: number;
}

async function chooseAttempt(
  { suite: { tournament } }: Context,
  round: RoundState,
  wanted: number | undefined,
  blockNumber: number,
): Promise<AttemptState | undefined> {
  const name = `round ${round.roundId.toString()}`;
  if (round.status === "Open") {
    throw new NumeraireError(`${name}: found Open, expected it closed, resolved or void`, {
      hint: "There is nothing to verify until its scores are posted; see status --round.",
    });
  }
  if (round.status === "Void") return undefined;
  const attempts = await readAttempts(tournament, round, blockNumber);
  const id = wanted ?? (round.status === "Resolved" ? round.resolvedAttempt : undefined);
  const chosen =
    id === undefined
      ? attempts.findLast(({ completedAt, vetoed }) => completedAt > 0 && !vetoed)
      : attempts.find(({ attemptId }) => attemptId === id);
  if (chosen === undefined || chosen.completedAt === 0) {
    const found =
      chosen === undefined ? `${plural(attempts.length, "attempt")}, none` : `attempt ${chosen.attemptId} not`;
    throw new NumeraireError(`${name}: found ${found} complete, expected one`, {
      hint: "There is nothing to verify until every score of an attempt is posted; see status --round.",
      exitCode: 2,
    });
  }
  return readAttempt(tournament, round.roundId, chosen.attemptId, blockNumber);
}

async function readPlaced(context: Context, roundId: bigint, toBlock: number): Promise<StakeState[]> {
  const [placed, raised] = await Promise.all([
    readEventWords(context, "StakePlaced", toBlock, roundId),
    readEventWords(context, "StakeRaised", toBlock, roundId),
  ]);
  const stakes: StakeState[] = [];
  // Both name the model, then the index, the whole amount and the confidence.
  for (const { indexed, words } of [...placed, ...raised]) {
    const [index = 0n, amount = 0n, confidence = 0n] = words;
    stakes[Number(index)] = { modelId: indexed[1] ?? 0n, amount, confidence };
  }
  // An index that no event placed would leave a hole; the comparison with storage then names it.
  return Array.from(stakes, (stake: StakeState | undefined) => stake ?? { modelId: 0n, amount: 0n, confidence: 0n });
}

async function readScoring(
  { provider, suite: { tournament } }: Context,
  roundId: bigint,
  attempt: AttemptState,
  range: BlockRange,
): Promise<AttemptEvidence> {
  const { filters } = tournament;
  const { attemptId } = attempt;
  const blockTag = range.to;
  const [posted, completed, pointers, reportHash] = await Promise.all([
    pageLogs((from, to) => tournament.queryFilter(filters.ScoresPosted(roundId, attemptId), from, to), range),
    pageLogs((from, to) => tournament.queryFilter(filters.ScoringCompleted(roundId, attemptId), from, to), range),
    tournament.getChunks(roundId, attemptId, { blockTag }),
    tournament.reportHash(roundId, attemptId, { blockTag }),
  ]);
  const chunks = await Promise.all(
    posted.map(async ({ args }, i) => ({
      firstIndex: Number(args.firstIndex),
      pointer: args.pointer,
      contractPointer: pointers[i] ?? "",
      packed: args.packed,
      code: await provider.getCode(pointers[i] ?? args.pointer, blockTag),
    })),
  );
  return { attempt, chunks, reportHash, announcedHash: completed[0]?.args.reportHash ?? "" };
}

async function readResolution(
  { provider, suite: { nmr, tournament } }: Context,
  roundId: bigint,
  range: BlockRange,
): Promise<ResolutionEvidence | undefined> {
  const logs = await pageLogs(
    (from, to) => tournament.queryFilter(tournament.filters.RoundResolved(roundId), from, to),
    range,
  );
  const [log] = logs;
  if (log === undefined) return undefined;
  const [receipt, block] = await Promise.all([
    provider.getTransactionReceipt(log.transactionHash),
    provider.getBlock(log.blockNumber),
  ]);
  const [from, token] = [await tournament.getAddress(), await nmr.getAddress()];
  const transfers = (receipt?.logs ?? [])
    .filter(({ address }) => address.toLowerCase() === token.toLowerCase())
    .map((one) => nmr.interface.parseLog(one))
    .filter(
      (parsed) => parsed?.name === "Transfer" && parsed.args[0] === from && BigInt(String(parsed.args[1])) === 0n,
    );
  return {
    attemptId: Number(log.args.attemptId),
    ordinal: Number(log.args.ordinal),
    burned: log.args.burned,
    blockNumber: log.blockNumber,
    logIndex: log.index,
    timestamp: block?.timestamp ?? 0,
    burnTransfers: transfers.map((parsed) => BigInt(String(parsed?.args[2]))),
  };
}
