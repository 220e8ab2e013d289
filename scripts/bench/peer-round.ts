import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { NumeraireError, resolveAuction } from "../../sdk/index.js";
import { BENCH_TERMS, NMR_EACH, PRIZE_EACH, benchScore, benchStake } from "./bench-round.js";
import { startLocalNode } from "./local-node.js";
import { playPeer, type PeerName } from "./peer-designs.js";
import { enrol, playTournamentRound, type PlayedRound } from "./tournament-round.js";

export type DesignName = PeerName | "tournament";

/** Gas of one design's round; whole numbers of gas for the whole round. */
export interface DesignCost {
  design: DesignName;
  staker: number;
  operator: number;
  system: number;
  /** Gas of the dearest transaction. */
  largest: number;
}

/** One size, all designs on one chain. */
export interface PeerComparison {
  stakes: number;
  designs: DesignCost[];
  /** Gas of registering a model in the tournament, once for all its rounds; no other design has any. */
  registration: number;
  /** What designs did not do alike; empty when all paid and destroyed the same. */
  differences: string[];
}

const PEERS: readonly PeerName[] = ["operator", "batched", "claims", "keeper"];

/**
 * Plays the same round in every design, one after another on one node.
 * @param stakes Stakes in the round.
 * @param say Told what happens.
 */
export async function playPeerRound(stakes: number, say: (line: string) => void): Promise<PeerComparison> {
  const node = await startLocalNode();
  const folder = await mkdtemp(path.join(tmpdir(), "numeraire-peers-"));
  const tell = (line: string) => {
    say(`${stakes} stakes: ${line}`);
  };
  try {
    tell("giving every staker a key, NMR and a model");
    const entrants = await enrol(node, stakes, NMR_EACH * BigInt(PEERS.length + 1));
    const prize = PRIZE_EACH * BigInt(stakes);
    const everybody = entrants.crowd.map((_, index) => index);
    const auction = resolveAuction({
      stakes: everybody.map(benchStake),
      scores: everybody.map(benchScore),
      terms: BENCH_TERMS,
      prizePool: prize,
    });
    const etherLeft = prize - auction.above - auction.cutPayout;
    const designs: DesignCost[] = [];
    const differences: string[] = [];
    for (const design of PEERS) {
      tell(design);
      const cost = await playPeer(design, node, entrants.crowd, auction.outcomes, prize);
      designs.push(costOf(design, cost.staker, cost.operator, cost.largest));
      const { burned, nmrLeft } = cost;
      for (const [what, found, expected] of [
        ["NMR destroyed", burned, auction.burned],
        ["NMR left", nmrLeft, 0n],
        ["ether left", cost.etherLeft, etherLeft],
      ] as const) {
        if (found !== expected) {
          differences.push(`${design}: found ${found.toString()} wei of ${what}, expected ${expected.toString()}`);
        }
      }
    }
    const played = await playTournamentRound(node, entrants, folder, { prize, bonus: 0n }, tell);
    const { above, cutPayout, burned } = played.plan.totals;
    if (!played.verified.ok) differences.push("tournament: the round does not verify");
    if (above !== auction.above || cutPayout !== auction.cutPayout || burned !== auction.burned) {
      differences.push("tournament: found other payouts than its peers'");
    }
    designs.push(tournamentCost(played));
    const registration = Number(entrants.registered.gas) / stakes;
    return { stakes, designs, registration, differences };
  } finally {
    node.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function tournamentCost({ steps }: PlayedRound): DesignCost {
  const gasOf = (name: string): bigint => {
    const step = steps.find((one) => one.step === name);
    if (step === undefined) {
      throw new NumeraireError(`step ${name}: found none in the round, expected it measured`, {
        hint: "The benchmark's steps changed: adapt the comparison.",
      });
    }
    return BigInt(step.gas);
  };
  const largest = Math.max(...steps.map((step) => step.largest));
  return costOf("tournament", gasOf("stake"), gasOf("post") + gasOf("finalize") + gasOf("settle"), largest);
}

function costOf(design: DesignName, staker: bigint, operator: bigint, largest: number): DesignCost {
  return { design, staker: Number(staker), operator: Number(operator), system: Number(staker + operator), largest };
}
