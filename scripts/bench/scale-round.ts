import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { parseEther } from "ethers";

import { NMR_EACH, PRIZE_EACH } from "./bench-round.js";
import { startLocalNode, type LocalNode } from "./local-node.js";
import { enrol, playTournamentRound, type StepCost } from "./tournament-round.js";

/** A whole round of one size. */
export interface ScaleResult {
  stakes: number;
  steps: StepCost[];
  /** Stakes by what became of them. */
  counts: { paid: number; destroyed: number; returned: number };
  /** Most memory of the process that planned, in MiB. */
  planPeakMiB: number;
  /** Whether verification found no difference. */
  verified: boolean;
  /** Held by the contract before the sweep beyond what the plan leaves over, in wei; must be 0. */
  unexplained: Holdings;
  /** Held by the contract after the sweep, in wei; must be 0. */
  left: Holdings;
}

/** Decimal strings, in wei. */
export interface Holdings {
  ether: string;
  nmr: string;
}

/** NMR in the bonus pool; nobody has a reputation yet, so all of it is to be swept. */
const BONUS = parseEther("1000");

/**
 * Plays one round on a node of its own, and sweeps what is left.
 * @param stakes Stakes in the round.
 * @param say Told what happens.
 */
export async function playScaleRound(stakes: number, say: (line: string) => void): Promise<ScaleResult> {
  const node = await startLocalNode();
  const folder = await mkdtemp(path.join(tmpdir(), "numeraire-scale-"));
  const tell = (line: string) => {
    say(`${stakes} stakes: ${line}`);
  };
  try {
    tell("giving every staker a key, NMR and a model");
    const entrants = await enrol(node, stakes, NMR_EACH);
    const pools = { prize: PRIZE_EACH * BigInt(stakes), bonus: BONUS };
    const { roundId, plan, verified, steps, planPeakMiB } = await playTournamentRound(
      node,
      entrants,
      folder,
      pools,
      tell,
    );
    const { totals, counts } = plan;
    const unexplained = await holdings(node, {
      ether: pools.prize - totals.paid,
      nmr: pools.bonus - totals.bonus,
    });
    const anybody = await node.provider.getSigner(node.accounts.deployer);
    await (await node.suite.tournament.connect(anybody).sweepRemainder(roundId)).wait();
    const left = await holdings(node, { ether: 0n, nmr: 0n });
    return { stakes, steps, counts, planPeakMiB, verified: verified.ok, unexplained, left };
  } finally {
    node.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the tournament holds beyond what it should. */
async function holdings({ provider, suite }: LocalNode, expected: { ether: bigint; nmr: bigint }): Promise<Holdings> {
  const [ether, nmr] = await Promise.all([
    provider.getBalance(suite.tournament),
    suite.nmr.balanceOf(suite.tournament),
  ]);
  return { ether: (ether - expected.ether).toString(), nmr: (nmr - expected.nmr).toString() };
}
