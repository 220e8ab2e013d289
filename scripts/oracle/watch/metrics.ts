import { Counter, Gauge, Registry, collectDefaultMetrics } from "prom-client";

import { ATTENTION_KINDS } from "./attentions.js";
import { FAILURE_KINDS, type FailureKind } from "./failure-kind.js";
import type { PassReport, RoundReport } from "./pass.js";
import { postBy } from "./round-view.js";
import { STAGES } from "./stage.js";

/** What is the same for the life of the process. */
export interface Identity {
  /** Version of the program. */
  version: string;
  network: string;
  chainId: bigint;
  account: string;
}

/** A transaction that was mined. */
export interface Paid {
  gasUsed: bigint;
  /** Ether, in wei. */
  fee: bigint;
}

/** The numbers that are shown to Prometheus, and how they come about. */
export interface Metrics {
  registry: Registry;
  /** A look at everything has ended. */
  looked: (report: PassReport, seconds: number) => void;
  failed: (kind: FailureKind) => void;
  paid: (transaction: Paid) => void;
}

const ROUND_LABELS = ["round"] as const;

/** Makes the metrics of one watch; all of them are there from the start, with zero where nothing happened. */
export function makeMetrics({ version, network, chainId, account }: Identity): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const gauge = (name: string, help: string, labelNames: readonly string[] = []) =>
    new Gauge({ name: `numeraire_${name}`, help, labelNames, registers });
  const counter = (name: string, help: string, labelNames: readonly string[] = []) =>
    new Counter({ name: `numeraire_${name}`, help, labelNames, registers });

  const labels = ["version", "node_version", "network", "chain_id", "account"];
  gauge("watch_build_info", "Program, chain and account; always 1.", labels).set(
    { version, node_version: process.version, network, chain_id: chainId.toString(), account },
    1,
  );
  const errors = counter("watch_errors_total", "Failures by kind.", ["kind"]);
  for (const kind of FAILURE_KINDS) errors.inc({ kind }, 0);
  const transactions = counter("transactions_total", "Transactions mined for this process.");
  const gas = counter("gas_used_total", "Gas of the transactions mined for this process.");
  const fees = counter("fees_ether_total", "Ether paid for the transactions mined for this process.");
  const show = makeGauges(gauge);
  return {
    registry,
    looked: show,
    failed: (kind) => {
      errors.inc({ kind });
    },
    paid: ({ gasUsed, fee }) => {
      transactions.inc();
      gas.inc(Number(gasUsed));
      fees.inc(toEther(fee));
    },
  };
}

type MakeGauge = (name: string, help: string, labelNames?: readonly string[]) => Gauge;

function makeGauges(gauge: MakeGauge): Metrics["looked"] {
  const success = gauge("watch_last_success_timestamp_seconds", "End of the last look at which the node answered.");
  const duration = gauge("watch_look_seconds", "How long the last look took, with what was done in it.");
  const headNumber = gauge("chain_head_block", "Number of the newest block.");
  const headTime = gauge("chain_head_timestamp_seconds", "Time of the newest block.");
  const balance = gauge("account_balance_ether", "Ether of the account.");
  const needed = gauge("account_needed_ether", "Ether that the open rounds may still take of the account.");
  const member = gauge("committee_member", "Whether the account is a member of the committee.");
  const byStage = gauge("rounds", "Number of rounds by stage.", ["stage"]);
  const attention = gauge("attention", "What needs a person: 1 a round and kind.", ["round", "kind"]);
  const pending = gauge("attention_pending", "How much needs a person, by kind.", ["kind"]);
  const showRounds = makeRoundGauges(gauge);
  return (report, seconds) => {
    const { head, rounds, finished } = report;
    if (report.answered) success.setToCurrentTime();
    duration.set(seconds);
    headNumber.set(head.block);
    headTime.set(head.now);
    balance.set(toEther(head.balance));
    needed.set(toEther(report.gasNeeded * head.gasPrice));
    member.set(head.members.some((one) => one.toLowerCase() === head.account.toLowerCase()) ? 1 : 0);
    for (const stage of STAGES) {
      byStage.set(
        { stage },
        rounds.filter((round) => round.stage === stage).length + (stage === "done" ? finished : 0),
      );
    }
    const found = [
      ...report.attentions.map(({ kind }) => ({ round: "", kind })),
      ...rounds.flatMap(({ roundId, attentions }) => attentions.map(({ kind }) => ({ round: String(roundId), kind }))),
    ];
    attention.reset();
    for (const labels of found) attention.set(labels, 1);
    for (const kind of ATTENTION_KINDS) pending.set({ kind }, found.filter((one) => one.kind === kind).length);
    showRounds(rounds, head.now);
  };
}

/** Numbers of single rounds: those with something left to do, so that there are never many. */
function makeRoundGauges(gauge: MakeGauge): (rounds: readonly RoundReport[], now: number) => void {
  const stageOf = gauge("round_stage", "Stage of a round: 1 for the one it is in.", [...ROUND_LABELS, "stage"]);
  const left = gauge("round_seconds_left", "Seconds until a time of a round by the chain's clock; below 0 after it.", [
    ...ROUND_LABELS,
    "until",
  ]);
  const stakes = gauge("round_stakes", "Stakes in a round.", ROUND_LABELS);
  const settled = gauge("round_settled_stakes", "Stakes of a round that are settled.", ROUND_LABELS);
  return (rounds, now) => {
    for (const one of [stageOf, left, stakes, settled]) one.reset();
    for (const { roundId, view, stage } of rounds) {
      if (view === undefined || stage === undefined) continue;
      const { round } = view;
      const label = { round: roundId.toString() };
      stageOf.set({ ...label, stage }, 1);
      stakes.set(label, round.stakeCount);
      settled.set(label, round.settledCount);
      if (round.status !== "Open" && round.status !== "Closed") continue;
      left.set({ ...label, until: "close" }, round.terms.closesAt - now);
      left.set({ ...label, until: "post" }, postBy(round) - now);
      left.set({ ...label, until: "deadline" }, round.deadline - now);
    }
  };
}

/** Good to fifteen digits: for graphs, not for books. */
function toEther(wei: bigint): number {
  return Number(wei) / 1e18;
}
