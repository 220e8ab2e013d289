import { formatNmr } from "../../sdk/units.js";
import type { Context } from "../chain/context.js";
import { pageLogs } from "../chain/page-logs.js";
import { table } from "../terminal/table.js";
import { readBounty, readSubmission, type BountyState, type SubmissionState } from "./bounty-state.js";
import { showTime } from "./show-time.js";

/** A grant that vests. */
export interface GrantState {
  grantId: bigint;
  submissionId: bigint;
  payee: string;
  /** NMR, in wei. */
  amount: bigint;
  released: bigint;
  /** NMR that release would pay now, in wei. */
  releasable: bigint;
  /** Unix seconds. */
  endsAt: number;
}

/** A bounty with all that happened to it. */
export interface BountyReport {
  network: string;
  chainId: bigint;
  bounty: BountyState;
  termsURI: string;
  /** What each funder put in and has not taken a share of, in wei, in order of first contribution. */
  contributions: { funder: string; amount: bigint }[];
  submissions: (SubmissionState & { uri: string })[];
  grants: GrantState[];
}

/**
 * Reads a bounty and its events.
 * @throws {NumeraireError} when there is none with the number.
 */
export async function showBounty(context: Context, bountyId: bigint): Promise<BountyReport> {
  const { bounties } = context.suite;
  const bounty = await readBounty(context, bountyId);
  const { filters } = bounties;
  const range = { from: context.fromBlock, to: await context.provider.getBlockNumber() };
  const posted = await pageLogs((from, to) => bounties.queryFilter(filters.BountyPosted(bountyId), from, to), range);
  const funded = await pageLogs((from, to) => bounties.queryFilter(filters.BountyFunded(bountyId), from, to), range);
  const submitted = await pageLogs(
    (from, to) => bounties.queryFilter(filters.WorkSubmitted(bountyId), from, to),
    range,
  );
  const awarded = await pageLogs(
    (from, to) => bounties.queryFilter(filters.SubmissionAwarded(bountyId), from, to),
    range,
  );

  const funders = [...new Set(funded.map(({ args }) => args.funder))];
  return {
    network: context.network,
    chainId: context.chainId,
    bounty,
    termsURI: posted[0]?.args.termsURI ?? "",
    contributions: await Promise.all(
      funders.map(async (funder) => ({ funder, amount: await bounties.contributions(bountyId, funder) })),
    ),
    submissions: await Promise.all(
      submitted.map(async ({ args }) => ({
        ...(await readSubmission(context, bounty, args.submissionId)),
        uri: args.uri,
      })),
    ),
    grants: await Promise.all(
      awarded
        .filter(({ args }) => args.firstGrantId > 0n)
        .flatMap(({ args }) =>
          args.payees.map((_, i) => readGrant(context, args.submissionId, args.firstGrantId + BigInt(i))),
        ),
    ),
  };
}

async function readGrant({ suite: { bounties } }: Context, submissionId: bigint, grantId: bigint): Promise<GrantState> {
  const { payee, amount, released, startsAt, duration } = await bounties.getGrant(grantId);
  const releasable = await bounties.releasable(grantId);
  return { grantId, submissionId, payee, amount, released, releasable, endsAt: Number(startsAt + duration) };
}

/** The report for people. */
export function bountyText({ bounty, termsURI, contributions, submissions, grants }: BountyReport): string {
  const { bountyId, status, funded, unawarded, deadline, cancellableFrom, issuer, reviewer, termsHash } = bounty;
  const lines = [
    `bounty ${bountyId.toString()}: ${status}, ${formatNmr(unawarded)} of ${formatNmr(funded)} NMR left`,
    `terms: ${termsHash} at ${termsURI === "" ? "no place" : termsURI}`,
    `issuer: ${issuer}`,
    `reviewer: ${reviewer}`,
    `deadline: ${showTime(deadline)}`,
    ...(cancellableFrom === 0 ? [] : [`notice of cancelling: over at ${showTime(cancellableFrom)}`]),
    table(
      ["funder", "NMR"],
      contributions.map(({ funder, amount }) => [funder, formatNmr(amount)]),
      [1],
    ),
  ];
  if (submissions.length > 0) {
    const rows = submissions.map((one) => [
      one.submissionId.toString(),
      one.status,
      one.submitter,
      showTime(one.submittedAt),
      one.contentHash,
      one.uri,
    ]);
    lines.push(table(["submission", "status", "submitter", "submitted", "work", "place"], rows, [0]));
  }
  if (grants.length > 0) {
    const rows = grants.map((one) => [
      one.grantId.toString(),
      one.submissionId.toString(),
      one.payee,
      formatNmr(one.amount),
      formatNmr(one.released),
      formatNmr(one.releasable),
      showTime(one.endsAt),
    ]);
    lines.push(table(["grant", "submission", "payee", "NMR", "paid", "vested", "ends"], rows, [0, 1, 3, 4, 5]));
  }
  return lines.join("\n");
}
