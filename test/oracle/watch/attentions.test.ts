import { expect } from "chai";

import { attentions } from "../../../scripts/oracle/watch/attentions.js";
import { stageOf } from "../../../scripts/oracle/watch/stage.js";
import type { RoundView } from "../../../scripts/oracle/watch/round-view.js";
import { CLOSES_AT, DEADLINE, FILE_HASH, ownAttempt, roundView, watchedAttempt } from "../../fixtures/round-view.js";
import { DAY } from "../../fixtures/rounds.js";

const POST_BY = DEADLINE - DAY;
const missing = { state: "missing" } as const;
const stranger = { isMember: false, place: 3, members: 3 };
const differing = { agrees: false, detail: "model 7: logloss" };
const vetoed = { attempts: [ownAttempt({ vetoed: true })], vetoedAt: CLOSES_AT + 60 };

describe("watch: what needs a person", () => {
  for (const [what, view, kinds, says] of [
    ["nothing in a fresh round", roundView(), [], ""],
    ["nothing while scores have a day left", roundView({ scores: missing, now: POST_BY - DAY - 1 }), [], ""],
    [
      "scores missing with a day left",
      roundView({ scores: missing, now: POST_BY - DAY }),
      ["scores-missing"],
      "by 1970-",
    ],
    [
      "scores that stay in transit",
      roundView({ scores: { state: "arriving" }, now: POST_BY }),
      ["scores-missing"],
      "scores.csv",
    ],
    [
      "nothing of scores for an account that posts none",
      roundView({ scores: missing, turn: stranger, now: POST_BY }),
      [],
      "",
    ],
    [
      "scores that came too late",
      roundView({ scores: missing, now: POST_BY + 1 }),
      ["too-late"],
      "void after 1970-01-19T13:46:40Z",
    ],
    [
      "a score file that is not the posted one",
      roundView({ attempts: [ownAttempt({ evidenceHash: `0x${"00".repeat(32)}` })] }),
      ["scores-changed"],
      "attempt 1 was made from another score file than rounds/3/scores.csv",
    ],
    [
      "another member's scores that differ",
      roundView({ attempts: [watchedAttempt({ verdict: differing })] }),
      ["disagreement"],
      "(1 approvals) differs from the score file: model 7: logloss",
    ],
    [
      "its own attempt by another mapping of the same file",
      roundView({ attempts: [ownAttempt({ verdict: differing })] }),
      ["scores-changed"],
      "attempt 1 was made from another score file",
    ],
    [
      "scores that differ and have a quorum, before others that differ",
      roundView({
        attempts: [
          watchedAttempt({ verdict: differing }),
          watchedAttempt({ attemptId: 2, approvals: 2n, verdict: differing }),
        ],
      }),
      ["disagreement"],
      "attempt 2 of 0x00000000000000000000000000000000000000a1 (2 approvals) differs from the score file: model 7: logloss; compare the inputs with that member, and tell the guardian if its scores are wrong; it has a quorum, and anybody can finalize it from 1970-01-13T",
    ],
    [
      "scores that it approved and that differ from the file it has now",
      roundView({ attempts: [watchedAttempt({ approved: true, verdict: differing })] }),
      ["disagreement"],
      "this account approved it: take that back with revokeApproval",
    ],
    [
      "its own scores that differ from the file it has now, once they have a quorum",
      roundView({
        attempts: [ownAttempt({ approvals: 2n, evidenceHash: `0x${"00".repeat(32)}`, verdict: differing })],
      }),
      ["scores-changed", "disagreement"],
      "it has a quorum",
    ],
    [
      "a rival beside the own attempt",
      roundView({ attempts: [ownAttempt(), watchedAttempt({ attemptId: 2, scoredCount: 0, completedAt: 0 })] }),
      ["rival-attempt"],
      "attempt 2 of 0x00000000000000000000000000000000000000a1",
    ],
    ["a veto that nobody answered", roundView(vetoed), ["veto"], "correct the score file, or save it again"],
    [
      "a veto, and no score file any more",
      roundView({ ...vetoed, scores: missing }),
      ["veto"],
      "correct the score file",
    ],
    [
      "a veto that a new score file answers",
      roundView({
        ...vetoed,
        scores: { state: "ready", path: "scores.csv", sha256: FILE_HASH, savedAt: CLOSES_AT + 61 },
      }),
      ["veto"],
      "was saved after it and is used",
    ],
    ["nothing while approvals have time", roundView({ attempts: [ownAttempt()], now: DEADLINE - DAY - 1 }), [], ""],
    [
      "approvals missing with a day left",
      roundView({ attempts: [ownAttempt()], now: DEADLINE - DAY }),
      ["approvals-missing"],
      "attempt 1 has 1 of 2 approvals",
    ],
    ["nothing with enough approvals", roundView({ attempts: [ownAttempt({ approvals: 2n })], now: DEADLINE }), [], ""],
    ["nothing in a round that is resolved", roundView({ ...vetoed, round: { status: "Resolved" } }), [], ""],
    [
      "nothing in a round without a stake",
      roundView({ scores: missing, round: { stakeCount: 0 }, now: POST_BY }),
      [],
      "",
    ],
  ] as const satisfies [string, RoundView, string[], string][]) {
    it(what, () => {
      const found = attentions(view);
      expect(found.map(({ kind }) => kind)).to.deep.equal(kinds);
      expect(found.map(({ message }) => message).join()).to.contain(says);
    });
  }
});

describe("watch: stage", () => {
  for (const [expected, view] of [
    ["open", roundView({ round: { status: "Open" } })],
    ["closed", roundView()],
    ["closed", roundView(vetoed)],
    ["posting", roundView({ attempts: [ownAttempt({ completedAt: 0 })] })],
    ["approving", roundView({ attempts: [ownAttempt()] })],
    ["challenge", roundView({ attempts: [ownAttempt({ approvals: 2n })] })],
    ["settling", roundView({ round: { status: "Resolved" } })],
    ["settling", roundView({ round: { status: "Void", settledCount: 4 } })],
    ["sweeping", roundView({ round: { status: "Resolved", settledCount: 5 }, sweepable: true })],
    ["done", roundView({ round: { status: "Resolved", settledCount: 5 } })],
  ] as const satisfies [string, RoundView][]) {
    it(`is ${expected} for ${view.round.status}, ${view.attempts.length} attempts, ${view.round.settledCount} settled`, () => {
      expect(stageOf(view)).to.equal(expected);
    });
  }
});
