import { DESIGNS } from "./peer-descriptions.js";
import type { PeerComparison } from "./peer-round.js";
import type { ScaleResult } from "./scale-round.js";
import { SCORE_HEAD, scoreRows, type ScoreEvidence } from "./score-summary.js";
import type { StepCost } from "./tournament-round.js";

/** A benchmark's result with what made it. */
export type Evidence<T> = T & { command: string; commit: string; node: string };

export interface ScaleEvidence {
  rounds: ScaleResult[];
  /** Promises that did not hold. */
  broken: string[];
}

const STEPS: Record<StepCost["step"], string> = {
  stake: "stake, one transaction a staker",
  plan: "plan",
  post: "begin, post scores, two approvals",
  finalize: "finalize",
  settle: "settle, 100 a transaction",
  verify: "verify",
};

/**
 * The page on performance, in Markdown.
 * @param scale Result of the scale benchmark; left out of the page when there is none.
 * @param score Result of the scoring benchmark; left out likewise.
 * @param peers Result of the comparison; left out likewise.
 */
export function performancePage(
  scale: Evidence<ScaleEvidence> | undefined,
  score: Evidence<ScoreEvidence> | undefined,
  peers: Evidence<{ comparisons: PeerComparison[] }> | undefined,
): string {
  const sections = [
    "# Performance",
    "Generated from the results under `docs/evidence/`; run a benchmark with `-- --write` to renew it. Gas does not depend on the machine. Times do: compare them between sizes of one run. Processor time is that of program and node together, and depends little on what else the machine does; growth and budgets are judged by it.",
    ...(scale === undefined ? [] : scaleSections(scale)),
    ...(score === undefined ? [] : scoreSections(score)),
    ...(peers === undefined ? [] : peerSections(peers)),
  ];
  return `${sections.join("\n\n")}\n`;
}

function scaleSections(scale: Evidence<ScaleEvidence>): string[] {
  const { rounds, broken } = scale;
  const sizes = rounds.map(({ stakes }) => grouped(stakes));
  const names = Object.keys(STEPS) as StepCost["step"][];
  const stepOf = (round: ScaleResult, name: string) => round.steps.find(({ step }) => step === name);
  const row = (name: StepCost["step"], show: (step: StepCost, stakes: number) => string) => [
    STEPS[name],
    ...rounds.map((round) => {
      const step = stepOf(round, name);
      return step === undefined ? "–" : show(step, round.stakes);
    }),
  ];
  const perStake = (part: (step: StepCost) => number, digits: number) => (step: StepCost, stakes: number) =>
    (part(step) / stakes).toLocaleString("en", { maximumFractionDigits: digits, minimumFractionDigits: digits });
  const sending = names.filter((name) => rounds.some((round) => (stepOf(round, name)?.gas ?? 0) > 0));
  return [
    "## Whole rounds",
    `Each staker is an account of its own that sends one signed transaction; the oracle's own functions do the rest over JSON-RPC. Of the stakes, ${rounds.map(({ stakes, counts }) => `${grouped(counts.paid)} of ${grouped(stakes)}`).join(", ")} are paid, ${rounds.map(({ counts }) => grouped(counts.destroyed)).join(", ")} destroyed, the others returned.`,
    "Gas a stake:",
    markdown(
      ["step", ...sizes],
      sending.map((name) =>
        row(
          name,
          perStake(({ gas }) => gas, 0),
        ),
      ),
    ),
    "Milliseconds of processor time a stake (– where the run did not measure it):",
    markdown(
      ["step", ...sizes],
      names.map((name) =>
        row(name, (step, stakes) =>
          typeof step.processorSeconds === "number" ? ((1000 * step.processorSeconds) / stakes).toFixed(2) : "–",
        ),
      ),
    ),
    "Milliseconds on the clock a stake:",
    markdown(
      ["step", ...sizes],
      names.map((name) =>
        row(
          name,
          perStake(({ seconds }) => 1000 * seconds, 2),
        ),
      ),
    ),
    "Promises:",
    markdown(
      ["what", ...sizes],
      [
        [
          "gas of the dearest transaction (limit 16,777,216)",
          ...rounds.map(({ steps }) => grouped(Math.max(...steps.map(({ largest }) => largest)))),
        ],
        ["plan, seconds (budget 15)", ...rounds.map((round) => planSeconds(round).toFixed(1))],
        ["memory of the plan, MiB (budget 1,024)", ...rounds.map(({ planPeakMiB }) => grouped(planPeakMiB))],
        ["verification from chain data agrees", ...rounds.map(({ verified }) => (verified ? "yes" : "no"))],
        [
          "left in the contract after the sweep, wei of ether and NMR",
          ...rounds.map(({ left }) => `${left.ether} and ${left.nmr}`),
        ],
      ],
    ),
    broken.length === 0
      ? "Every promise held in this run."
      : `Promises that did not hold in this run: ${broken.join("; ")}.`,
    madeBy(scale),
  ];
}

function scoreSections(score: Evidence<ScoreEvidence>): string[] {
  const { size, broken } = score;
  return [
    "## Scoring",
    `Predictions of ${grouped(size.models)} models, one ${size.format === "csv" ? "CSV" : "Parquet"} file each, for ${grouped(size.live)} live, ${grouped(size.validation)} validation and ${grouped(size.test)} test rows. The reference is written for this comparison, with plain columns and one thread as with numpy and pandas, and no database. Both read the same files, each in a process of its own, and their measurements are compared to 1e-9. Budget: log-loss and consistency of 20 million live predictions within 5 s and 2,048 MiB.`,
    markdown(SCORE_HEAD, scoreRows(score)),
    broken.length === 0
      ? "Every promise held in this run, and every measurement agreed."
      : `Promises that did not hold in this run: ${broken.join("; ")}.`,
    madeBy(score),
  ];
}

function planSeconds({ steps }: ScaleResult): number {
  const step = steps.find((one) => one.step === "plan");
  return step?.processorSeconds ?? step?.seconds ?? 0;
}

function peerSections(peers: Evidence<{ comparisons: PeerComparison[] }>): string[] {
  const rows = peers.comparisons.flatMap(({ stakes, designs }) => {
    const own = designs.find(({ design }) => design === "tournament")?.system ?? 0;
    return designs.map(({ design, staker, operator, system }) => [
      grouped(stakes),
      DESIGNS[design].name,
      ...[staker, operator, system].map((gas) => grouped(gas / stakes)),
      own === 0 ? "–" : (system / own).toFixed(2),
    ]);
  });
  return [
    "## Beside other designs",
    "The same stakers stake the same NMR by `transferAndCall` on the same node, and every design pays and destroys the same; batches are of 100. The peers are small and faithful: one storage slot a stake, no models, no track record, no bonus. Opening a round and deploying are left out everywhere, and so is what StakingTournament alone has: a model is registered once for all rounds, for " +
      `${grouped(Math.max(...peers.comparisons.map(({ registration }) => registration)))} gas. Gas a stake:`,
    markdown(["stakes", "design", "staker", "operator or keeper", "whole system", "beside StakingTournament"], rows),
    "What each contract verifies:",
    markdown(
      ["design", "verified on chain"],
      Object.values(DESIGNS).map(({ name, verifies }) => [name, verifies]),
    ),
    madeBy(peers),
  ];
}

function madeBy({ command, commit, node }: Evidence<object>): string {
  return `Made by \`${command} --write\` at commit \`${commit}\`, Node.js ${node}.`;
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rule = head.map((_, i) => (i === 0 || !isFigure(rows[0]?.[i]) ? "---" : "---:"));
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}

function isFigure(cell: string | undefined): boolean {
  return cell !== undefined && /^\d/.test(cell);
}

function grouped(value: number): string {
  return Math.round(value).toLocaleString("en");
}
