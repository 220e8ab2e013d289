import { mkdir } from "node:fs/promises";
import path from "node:path";

import { formatLogloss } from "../../../sdk/index.js";
import type { Context } from "../../chain/context.js";
import { apply } from "../../oracle/apply.js";
import { approve } from "../../oracle/approve.js";
import { finalize } from "../../oracle/finalize.js";
import { plan } from "../../oracle/plan.js";
import { writeScoreFile } from "../../oracle/score/write-score-file.js";
import { veto } from "../../oracle/veto.js";
import type { DemoChain } from "../chain.js";
import { keepBooks, type Opened } from "../keep-books.js";
import { measure, resolve, type Member, type PlayedRound } from "../play-round.js";
import { renderReport, type DemoReport } from "../report.js";
import { ROUND_TERMS } from "../round-terms.js";
import { SMALL_CAST } from "../small-cast.js";
import { stageRound, type StagedRound } from "../stage-round.js";
import { Story, renderStory, type Scene } from "../story.js";
import type { Scenario } from "./scenario.js";

/** Whose model failed, and is to be paid all the same. */
const FRIEND = "Kitchen Sink";
const FALSIFIED_LOGLOSS = ROUND_TERMS.benchmark - 10_000;

/** What happened when a poster lied, and what became of the round. */
export interface DishonestReport extends DemoReport {
  scenario: "dishonest-oracle";
  story: Scene[];
  /** What the second member's program said instead of approving. */
  refusal: string;
  /** How every attempt ended. */
  attempts: { attempt: number; vetoed: boolean; resolvedRound: boolean }[];
}

/**
 * A committee member posts scores that would have its friend paid. The second member's program refuses to approve and
 * names the model, the guardian vetoes, and an honest attempt resolves the round.
 */
export const dishonestOracle: Scenario = async (chain, folder) => {
  const story = new Story(chain.context.log);
  let refusal = "";
  const report = await keepBooks(chain, async (opened) => {
    const played = await playDishonest(chain, folder, opened, story);
    refusal = played.refusal;
    return played;
  });
  const full: DishonestReport = {
    ...report,
    scenario: "dishonest-oracle",
    story: story.scenes,
    refusal,
    attempts: await readAttemptEnds(chain.context, BigInt(report.round)),
  };
  return { report: full, text: `${renderStory(story.scenes)}\n\n${renderReport(report)}` };
};

async function playDishonest(
  chain: DemoChain,
  folder: string,
  opened: Opened,
  story: Story,
): Promise<PlayedRound & { refusal: string }> {
  const { context } = chain;
  const staged = await stageRound(chain, folder, opened, SMALL_CAST);
  const { roundId } = staged;
  const as = async (part: Member | "guardian"): Promise<Context> => ({ ...context, signer: await chain.signer(part) });
  // Every member has a machine of its own; here a folder.
  const [first, second] = [path.join(folder, "member1"), path.join(folder, "member2")];
  await Promise.all([first, second].map((own) => mkdir(own, { recursive: true })));

  const attemptId = await postFalsified(chain, staged, first, story);
  await chain.advanceTo((await chain.now()) + staged.challengePeriod);
  await story.tellRefusal("The dishonest member", "tries to finalise alone", async () =>
    finalize(await as("member1"), { roundId }),
  );

  const scoreFile = path.join(second, "scores.csv");
  await measure(chain, staged, scoreFile);
  const refused = await story.tellRefusal("The second member", "measures everything again and runs approve", async () =>
    approve(await as("member2"), { roundId, scoreFile }),
  );

  const reason = `${FRIEND}'s model was not measured as posted`;
  const { vetoesLeft } = await veto(await as("guardian"), { roundId, attemptId, reason });
  story.tell("The guardian", `vetoes attempt ${attemptId}`, `it is dead; ${vetoesLeft} vetoes left`);
  await story.tellRefusal("The dishonest member", "tries to finalise again", async () =>
    finalize(await as("member1"), { roundId, attemptId }),
  );

  const planPath = path.join(second, "plan.json");
  const played = await resolve(chain, staged, { scoreFile, planPath }, ["member2", "member3"]);
  story.tell("The second member", "posts the true scores, and the third approves them", "the round is resolved");
  return { ...played, refusal: refused.message };
}

/** The friend's log-loss becomes one that performs; plan and apply cannot know better. */
async function postFalsified(chain: DemoChain, staged: StagedRound, folder: string, story: Story): Promise<number> {
  const { context } = chain;
  const { roundId, entrants } = staged;
  const friend = entrants.find(({ scientist }) => scientist.name === FRIEND);
  if (friend === undefined) throw new Error(`${FRIEND} does not take part`);
  const scoreFile = path.join(folder, "scores.csv");
  const models = await measure(chain, staged, scoreFile);
  const falsified = models.map((model) =>
    model.modelId === friend.modelId ? { ...model, logloss: FALSIFIED_LOGLOSS } : model,
  );
  await writeScoreFile(scoreFile, falsified, roundId);
  const planPath = path.join(folder, "plan.json");
  await plan(context, { roundId, scoreFile, out: planPath });
  const { attemptId } = await apply({ ...context, signer: await chain.signer("member1") }, { planPath });
  const truth = models.find(({ modelId }) => modelId === friend.modelId)?.logloss ?? 0;
  story.tell(
    "A dishonest member",
    `posts attempt ${attemptId} with a log-loss of ${formatLogloss(FALSIFIED_LOGLOSS)} for ${FRIEND}, who is a friend`,
    `measured was ${formatLogloss(truth)}, which does not perform; the contract takes the scores, with 1 approval of 2`,
  );
  return attemptId;
}

async function readAttemptEnds({ suite }: Context, roundId: bigint): Promise<DishonestReport["attempts"]> {
  const { attemptCount, resolvedAttempt } = await suite.tournament.getRound(roundId);
  const ids = Array.from({ length: Number(attemptCount) }, (_, i) => i + 1);
  return Promise.all(
    ids.map(async (attempt) => ({
      attempt,
      vetoed: (await suite.tournament.getAttempt(roundId, attempt)).vetoed,
      resolvedRound: Number(resolvedAttempt) === attempt,
    })),
  );
}
