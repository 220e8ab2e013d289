import { buildAlone, buildSwitched, installBuild } from "./build-mutants.js";
import { allTests, nearTests, optimizedTests } from "./choose-tests.js";
import type { Mutant, Outcome, Verdict } from "./mutant.js";
import { contractOf } from "./tested-contracts.js";
import type { TestRun, Workspace } from "./workspace.js";
import { NumeraireError } from "../../../sdk/numeraire-error.js";

/** Mutants in one build: more of them and a deployment exceeds the gas limit of a transaction. */
const BATCH = 120;
/** Seconds after which a run of tests is ended. */
const TIME_LIMIT = 900;

export interface Campaign {
  workspaces: readonly Workspace[];
  /** For each function, the callable ones that reach it. */
  callers: ReadonlyMap<string, Set<string>>;
  onVerdict: (verdict: Verdict) => void;
  /** Time in milliseconds since 1970 after which no further mutant is begun. */
  stopAt: number;
  /** Says what happens. */
  log: (line: string) => void;
}

/**
 * Builds and tests mutants, as many at a time as there are workspaces.
 * @throws {NumeraireError} when the tests fail with no mutant active: then they prove nothing.
 */
export async function runMutants(mutants: readonly Mutant[], campaign: Campaign): Promise<void> {
  for (const contract of new Set(mutants.map(({ file }) => contractOf(file)))) {
    const here = mutants.filter(({ file }) => contractOf(file) === contract);
    const switched = here.filter(({ form }) => form !== "alone");
    for (let from = 0; from === 0 || from < switched.length; from += BATCH) {
      await runBatch(contract, switched.slice(from, from + BATCH), campaign);
    }
    const alone = here.filter(({ form }) => form === "alone");
    await share(campaign.workspaces, alone, (mutant, workspace) => runAlone(contract, mutant, workspace, campaign));
    for (const workspace of campaign.workspaces) workspace.restore();
  }
}

async function runBatch(contract: string, mutants: readonly Mutant[], campaign: Campaign): Promise<void> {
  if (Date.now() > campaign.stopAt) return;
  campaign.log(`${contract}: building ${mutants.length} mutants`);
  const { bytecode, numbers, refused } = await buildSwitched(contract, mutants);
  for (const [mutant, reason] of refused) campaign.onVerdict(verdict(mutant, "did not compile", reason, 0));

  campaign.log(`${contract}: testing that nothing fails with no mutant active`);
  for (const workspace of campaign.workspaces) installBuild(workspace, bytecode, 0);
  const files = allTests(contract);
  const integration = files.filter((file) => file.includes("/integration/"));
  const exact = optimizedTests(contract);
  const parts = [files.filter((file) => !integration.includes(file)), integration, exact];
  await share(campaign.workspaces, parts, async (part, workspace) => {
    if (part.length === 0) return;
    if (part === exact) workspace.restore();
    const { status, evidence } = await workspace.test(part, TIME_LIMIT);
    if (status === "passed") return;
    throw new NumeraireError(
      `testing ${contract} without a mutant: found ${status} tests (${evidence}), expected none`,
      {
        hint: "npm test must pass before mutants can be judged.",
      },
    );
  });

  await share(campaign.workspaces, [...numbers], async ([mutant, number], workspace) => {
    if (Date.now() > campaign.stopAt) return;
    installBuild(workspace, bytecode, number);
    campaign.onVerdict(await judge(contract, mutant, workspace, campaign));
  });
}

async function runAlone(contract: string, mutant: Mutant, workspace: Workspace, campaign: Campaign): Promise<void> {
  if (Date.now() > campaign.stopAt) return;
  const { bytecode, error } = await buildAlone(mutant, false);
  if (error !== undefined) {
    campaign.onVerdict(verdict(mutant, "did not compile", error, 0));
    return;
  }
  installBuild(workspace, bytecode, 0);
  campaign.onVerdict(await judge(contract, mutant, workspace, campaign));
}

/** Runs the tests nearest to a mutant, and all others of its contract if those notice nothing. */
async function judge(contract: string, mutant: Mutant, workspace: Workspace, { callers }: Campaign): Promise<Verdict> {
  const started = Date.now();
  const near = nearTests(mutant.within, contract, callers);
  const others = allTests(contract).filter((file) => !near.includes(file));
  let run: TestRun = { status: "passed", evidence: "" };
  for (const files of [near, others]) {
    if (files.length > 0 && run.status === "passed") run = await workspace.test(files, TIME_LIMIT);
  }
  const exact = optimizedTests(contract);
  if (run.status === "passed" && exact.length > 0) {
    const { bytecode, error } = await buildAlone(mutant, true);
    if (error !== undefined) return verdict(mutant, "did not compile", error, 0);
    installBuild(workspace, bytecode, 0);
    run = await workspace.test(exact, TIME_LIMIT);
  }
  const outcomes = { passed: "survived", failed: "killed", "timed out": "timed out" } as const;
  return verdict(mutant, outcomes[run.status], run.evidence, (Date.now() - started) / 1_000);
}

function verdict(mutant: Mutant, outcome: Outcome, evidence: string, seconds: number): Verdict {
  const { id, file, line, within, operator, before, after } = mutant;
  return { id, file, line, within, operator, before, after, outcome, evidence, seconds: Math.round(seconds) };
}

/** Gives each workspace the next item as soon as it has done one. */
async function share<Item>(
  workspaces: readonly Workspace[],
  items: readonly Item[],
  work: (item: Item, workspace: Workspace) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  await Promise.all(
    workspaces.map(async (workspace) => {
      for (const item of queue) await work(item, workspace);
    }),
  );
}
