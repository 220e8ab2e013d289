import { expect } from "chai";

import { HOLD, STAGGER, decide, turnBegins, type Decision } from "../../../scripts/oracle/watch/decide.js";
import { turnOf, type RoundView } from "../../../scripts/oracle/watch/round-view.js";
import { DAY } from "../../fixtures/rounds.js";
import { CLOSES_AT, DEADLINE, ownAttempt, roundView, watchedAttempt } from "../../fixtures/round-view.js";

const POST_BY = DEADLINE - DAY;
const COMPLETED_AT = CLOSES_AT + 3_600;
const agreeing = { agrees: true, detail: "" };
const differing = { agrees: false, detail: "model 7" };
const waits = (why: string, until?: number): Decision => ({
  do: "wait",
  why,
  ...(until === undefined ? {} : { until }),
});
const second = { isMember: true, place: 1, members: 3 };
const stranger = { isMember: false, place: 3, members: 3 };
const unapproved = { approved: false, approvals: 0n };
const revoked = { revokedAt: COMPLETED_AT + 60 };
const tookBack = "this account took an approval back after the score file was saved";
const saved = (savedAt: number) =>
  ({ state: "ready", path: "scores.csv", sha256: ownAttempt().evidenceHash, savedAt }) as const;
const measurable = { state: "measurable", predictions: "p", targets: "t.csv" } as const;

const cases: [string, RoundView, Decision][] = [
  ["waits for the close", roundView({ round: { status: "Open" } }), waits("the round is open", CLOSES_AT)],

  // scores on disk
  ["waits for scores", roundView({ scores: { state: "missing" } }), waits("no scores yet", POST_BY)],
  [
    "leaves files alone that are being written",
    roundView({ scores: { state: "arriving" } }),
    waits("the files of the round are still changing"),
  ],
  ["measures predictions", roundView({ scores: measurable }), { do: "score", predictions: "p", targets: "t.csv" }],
  [
    "measures nothing before the close is final",
    roundView({ scores: measurable, settledNow: CLOSES_AT - 1 }),
    waits("the close is not final yet"),
  ],

  // the own attempt
  ["posts when it is its turn", roundView(), { do: "post" }],
  ["waits until the close is final", roundView({ settledNow: CLOSES_AT - 1 }), waits("the close is not final yet")],
  [
    "lets another member begin",
    roundView({ turn: second }),
    waits("another member comes first", CLOSES_AT + 2 * 3_600),
  ],
  ["posts when the other's turn is over", roundView({ turn: second, now: CLOSES_AT + 2 * 3_600 }), { do: "post" }],
  [
    "lets another member finish what it began",
    roundView({ attempts: [watchedAttempt({ scoredCount: 2, completedAt: 0 })] }),
    waits("another member comes first", CLOSES_AT + 2 * 3_600),
  ],
  [
    "does not wait for ever for a member who stopped",
    roundView({ attempts: [watchedAttempt({ scoredCount: 2, completedAt: 0 })], now: CLOSES_AT + 2 * 3_600 }),
    { do: "post" },
  ],
  ["continues its attempt", roundView({ attempts: [ownAttempt({ completedAt: 0, ...unapproved })] }), { do: "post" }],
  ["approves its attempt", roundView({ attempts: [ownAttempt(unapproved)] }), { do: "post" }],
  [
    "approves its attempt although it is too late to post",
    roundView({ attempts: [ownAttempt(unapproved)], now: POST_BY + 1 }),
    { do: "post" },
  ],
  ["posts in the last second", roundView({ now: POST_BY }), { do: "post" }],
  ["posts nothing too late", roundView({ now: POST_BY + 1 }), waits("it is too late to post scores", DEADLINE)],
  [
    "waits for other members' approvals",
    roundView({ attempts: [ownAttempt()] }),
    waits("more members must approve", DEADLINE),
  ],
  [
    "does not begin a second attempt from a changed file",
    roundView({ attempts: [ownAttempt({ evidenceHash: `0x${"00".repeat(32)}`, verdict: differing })] }),
    waits("the score file is not the one that was posted"),
  ],
  [
    "does not continue an attempt that another mapping of the same file made",
    roundView({ attempts: [ownAttempt({ ...unapproved, verdict: differing })] }),
    waits("the score file is not the one that was posted"),
  ],
  [
    "approves what another member posted, before its turn to begin",
    roundView({ turn: second, attempts: [watchedAttempt({ verdict: agreeing })] }),
    { do: "approve", attemptId: 1 },
  ],
  [
    "posts its own scores beside those it disagrees with",
    roundView({ attempts: [watchedAttempt({ verdict: differing })], now: CLOSES_AT + 2 * 3_600 }),
    { do: "post" },
  ],
  [
    "does not approve what nobody compared",
    roundView({ attempts: [watchedAttempt()] }),
    waits("another member comes first", CLOSES_AT + 2 * 3_600),
  ],
  [
    "approves the oldest of equal attempts, so that approvals do not split",
    roundView({ attempts: [watchedAttempt({ verdict: agreeing }), ownAttempt({ attemptId: 2 })] }),
    { do: "approve", attemptId: 1 },
  ],
  [
    "keeps to its own where it is the oldest",
    roundView({ attempts: [ownAttempt(), watchedAttempt({ attemptId: 2, verdict: agreeing })] }),
    waits("more members must approve", DEADLINE),
  ],

  // vetoes
  [
    "posts nothing from a file older than a veto",
    roundView({ attempts: [ownAttempt({ vetoed: true })], vetoedAt: CLOSES_AT + 1 }),
    waits("the guardian vetoed after the score file was saved"),
  ],
  [
    "posts again from a file saved after a veto",
    roundView({ attempts: [ownAttempt({ vetoed: true })], vetoedAt: CLOSES_AT, scores: saved(CLOSES_AT + 1) }),
    { do: "post" },
  ],
  [
    "approves nothing by a file older than a veto",
    roundView({
      attempts: [watchedAttempt({ vetoed: true }), watchedAttempt({ attemptId: 2, verdict: agreeing })],
      vetoedAt: CLOSES_AT,
    }),
    waits("the guardian vetoed after the score file was saved"),
  ],
  [
    "continues what was begun after a veto from a file saved after it",
    roundView({
      attempts: [ownAttempt({ vetoed: true }), ownAttempt({ attemptId: 2, completedAt: 0, approved: false })],
      vetoedAt: CLOSES_AT,
      scores: saved(CLOSES_AT + 1),
    }),
    { do: "post" },
  ],
  [
    "does not continue what was on its way when another member's attempt was vetoed",
    roundView({
      attempts: [watchedAttempt({ vetoed: true }), ownAttempt({ attemptId: 2, completedAt: 0, approved: false })],
      vetoedAt: CLOSES_AT + 1,
    }),
    waits("the guardian vetoed after the score file was saved"),
  ],
  [
    "does not approve what was on its way when another member's attempt was vetoed",
    roundView({
      attempts: [watchedAttempt({ vetoed: true }), ownAttempt({ attemptId: 2, approved: false })],
      vetoedAt: CLOSES_AT + 1,
    }),
    waits("the guardian vetoed after the score file was saved"),
  ],

  [
    "takes no file out of the future for one that was saved after a veto",
    roundView({
      attempts: [ownAttempt({ vetoed: true })],
      vetoedAt: CLOSES_AT,
      now: CLOSES_AT + 9,
      scores: saved(CLOSES_AT + 9 + 61),
    }),
    waits("the guardian vetoed after the score file was saved"),
  ],
  [
    "posts again from a file that is newer than the newest block",
    roundView({
      attempts: [ownAttempt({ vetoed: true })],
      vetoedAt: CLOSES_AT,
      now: CLOSES_AT + 9,
      scores: saved(CLOSES_AT + 9 + 60),
    }),
    { do: "post" },
  ],

  // approvals that were taken back
  [
    "does not approve its own attempt again",
    roundView({ attempts: [ownAttempt({ ...unapproved, ...revoked })] }),
    waits(tookBack),
  ],
  [
    "does not approve another member's attempt again, nor one with the same scores",
    roundView({
      attempts: [
        watchedAttempt({ verdict: agreeing, ...revoked }),
        watchedAttempt({ attemptId: 2, verdict: agreeing }),
      ],
    }),
    waits(tookBack),
  ],
  [
    "approves again by a file that was saved after it took its approval back",
    roundView({
      attempts: [watchedAttempt({ verdict: agreeing, ...revoked })],
      scores: saved(revoked.revokedAt + 1),
      now: revoked.revokedAt + 2,
    }),
    { do: "approve", attemptId: 1 },
  ],
  [
    "does not finalize what it took its approval back from, whoever approved it",
    roundView({
      attempts: [watchedAttempt({ approvals: 2n, verdict: agreeing, ...revoked })],
      now: COMPLETED_AT + DAY,
    }),
    waits(tookBack),
  ],
  [
    "does not finalize it without a score file either",
    roundView({
      attempts: [watchedAttempt({ approvals: 2n, ...revoked })],
      now: COMPLETED_AT + DAY,
      scores: { state: "missing" },
    }),
    waits("no scores yet", POST_BY),
  ],

  // finalizing
  [
    "waits for the challenge period",
    roundView({ attempts: [ownAttempt({ approvals: 2n })] }),
    waits("the challenge period is running", COMPLETED_AT + DAY),
  ],
  [
    "finalizes in the first second after it",
    roundView({ attempts: [ownAttempt({ approvals: 2n })], now: COMPLETED_AT + DAY }),
    { do: "finalize", attemptId: 1, patience: 0 },
  ],
  [
    "finalizes by the attempt that can be finalized first",
    roundView({
      attempts: [
        watchedAttempt({ approvals: 2n, completedAt: COMPLETED_AT + 9, verdict: agreeing }),
        watchedAttempt({ attemptId: 2, approvals: 2n, verdict: agreeing }),
      ],
      now: COMPLETED_AT + DAY,
    }),
    { do: "finalize", attemptId: 2, patience: 0 },
  ],
  [
    "leaves finalizing to members before it for a while",
    roundView({
      attempts: [watchedAttempt({ approvals: 2n, verdict: agreeing })],
      now: COMPLETED_AT + DAY,
      turn: second,
    }),
    { do: "finalize", attemptId: 1, patience: STAGGER },
  ],
  [
    "finalizes as a stranger after all members",
    roundView({ attempts: [watchedAttempt({ approvals: 2n })], now: COMPLETED_AT + DAY, turn: stranger }),
    { do: "finalize", attemptId: 1, patience: 3 * STAGGER },
  ],
  [
    "does not finalize scores that differ from its own, whoever approved them",
    roundView({
      attempts: [watchedAttempt({ approvals: 2n, verdict: differing }), ownAttempt({ attemptId: 2 })],
      now: COMPLETED_AT + DAY,
    }),
    waits("more members must approve", DEADLINE),
  ],
  [
    "does not finalize what it has not compared yet, and posts nothing beside it",
    roundView({ attempts: [watchedAttempt({ approvals: 2n })], now: COMPLETED_AT + DAY }),
    waits("the approved scores are compared once they are final"),
  ],
  [
    "does not finalize while its own scores are being written",
    roundView({
      attempts: [watchedAttempt({ approvals: 2n })],
      now: COMPLETED_AT + DAY,
      scores: { state: "arriving" },
    }),
    waits("the files of the round are still changing"),
  ],
  [
    "measures before it finalizes",
    roundView({ attempts: [watchedAttempt({ approvals: 2n })], now: COMPLETED_AT + DAY, scores: measurable }),
    { do: "score", predictions: "p", targets: "t.csv" },
  ],
  [
    "finalizes as a member who has no scores",
    roundView({
      attempts: [watchedAttempt({ approvals: 2n })],
      now: COMPLETED_AT + DAY,
      scores: { state: "missing" },
    }),
    { do: "finalize", attemptId: 1, patience: 0 },
  ],
  [
    "does not finalize what it approved by other scores than it has now, and posts those",
    roundView({
      attempts: [watchedAttempt({ approvals: 2n, approved: true, verdict: differing })],
      now: COMPLETED_AT + DAY,
      turn: { isMember: true, place: 2, members: 3 },
    }),
    { do: "post" },
  ],
  [
    "does not finalize what is vetoed",
    roundView({
      attempts: [ownAttempt({ approvals: 2n, vetoed: true })],
      vetoedAt: CLOSES_AT,
      now: COMPLETED_AT + DAY,
    }),
    waits("the guardian vetoed after the score file was saved"),
  ],
  ["leaves scoring to the committee", roundView({ turn: stranger }), waits("the committee is scoring", DEADLINE)],

  // voiding
  ["voids after the deadline", roundView({ now: DEADLINE + 1 }), { do: "void", patience: 0 }],
  ["does not void in the last second", roundView({ now: DEADLINE }), waits("it is too late to post scores", DEADLINE)],
  [
    "voids after the deadline whatever is approved",
    roundView({ attempts: [ownAttempt({ approvals: 2n })], now: DEADLINE + 1 }),
    { do: "void", patience: 0 },
  ],
  ["voids a round without a stake at once", roundView({ round: { stakeCount: 0 } }), { do: "void", patience: 0 }],

  // settling
  ["settles", roundView({ round: { status: "Resolved" } }), { do: "settle", patience: 0 }],
  ["settles a void round", roundView({ round: { status: "Void" }, turn: second }), { do: "settle", patience: STAGGER }],
  [
    "holds settling while an earlier round is not settled",
    roundView({ round: { status: "Resolved" }, unsettledBefore: [2n] }),
    { do: "settle", patience: HOLD },
  ],
  [
    "sweeps what is left",
    roundView({ round: { status: "Resolved", settledCount: 5 }, sweepable: true }),
    { do: "sweep", patience: 0 },
  ],
  ["is done with nothing left", roundView({ round: { status: "Resolved", settledCount: 5 } }), { do: "finish" }],
  ["is done with a settled void round", roundView({ round: { status: "Void", settledCount: 5 } }), { do: "finish" }],
  [
    "is done with a void round without a stake",
    roundView({ round: { status: "Void", stakeCount: 0 } }),
    { do: "finish" },
  ],
];

describe("watch: decide", () => {
  for (const [what, view, expected] of cases) {
    it(what, () => {
      expect(decide(view)).to.deep.equal(expected);
    });
  }

  it("gives every member a turn before the last second to post, however short the time is", () => {
    for (const members of [1, 3, 32]) {
      for (const left of [3 * 3_600, 60, 0]) {
        const view = roundView({
          round: { deadline: CLOSES_AT + DAY + left },
          turn: { isMember: true, place: members - 1, members },
          attempts: [watchedAttempt({ completedAt: 0 })],
        });
        expect(turnBegins(view), `${members} members, ${left} s`).to.be.within(CLOSES_AT, CLOSES_AT + left);
      }
    }
  });

  it("counts turns from the close, the saving of the scores or the last veto, whichever is last", () => {
    const now = CLOSES_AT + 50 * 3_600;
    const begins = (savedAt: number, vetoedAt = 0) =>
      turnBegins(roundView({ now, turn: second, scores: saved(savedAt), vetoedAt })) - CLOSES_AT;
    expect(begins(CLOSES_AT - 1)).to.equal(2 * 3_600);
    expect(begins(CLOSES_AT + 3_600)).to.equal(3 * 3_600);
    expect(begins(CLOSES_AT + 3_600, CLOSES_AT + 7_200)).to.equal(4 * 3_600);
    expect(begins(now + 1), "a file out of the future").to.equal(2 * 3_600);
  });

  it("lets each member begin in its turn, round after round", () => {
    const members = ["0xAA", "0xBB", "0xCC"];
    expect([1n, 2n, 3n, 4n].map((round) => turnOf(members, "0xbb", round).place)).to.deep.equal([0, 2, 1, 0]);
    expect(turnOf(members, "0xdd", 1n)).to.deep.equal({ isMember: false, place: 3, members: 3 });
  });
});
