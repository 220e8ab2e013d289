import type { JsonNode } from "./json-nodes.js";
import { type ProblemList, quoted } from "../terminal/problem-list.js";
import { type ScoreRecord, scalarText } from "./score-records.js";

export interface LeaderboardOptions {
  /** Model id by username; undefined when no mapping file was given. */
  usernames: ReadonlyMap<string, string> | undefined;
  roundId: bigint | undefined;
}

/**
 * Score records of the leaderboard of numerai's public GraphQL API of 2017–18, as it came:
 * `data.rounds[0].leaderboard[]`, or the bare array. An entry that is neither mapped nor staked is left out: most of
 * a leaderboard competed without a stake, and there is nothing to resolve for those.
 */
export function leaderboardRecords(
  file: string,
  root: JsonNode,
  { usernames, roundId }: LeaderboardOptions,
  problems: ProblemList,
): ScoreRecord[] {
  const { round, entries } = findEntries(file, root, problems);
  if (round !== undefined && roundId !== undefined && scalarText(round) !== roundId.toString()) {
    const remedy = "Use the leaderboard of this round.";
    const found = quoted(scalarText(round));
    problems.add({ file, line: round.line, column: "number", found, expected: `round ${roundId}`, remedy });
  }
  if (usernames === undefined) {
    const expected = "a mapping file beside the leaderboard";
    const remedy = "Give --mapping with a CSV of username,model_id.";
    problems.add({ file, line: root.line, column: "username", found: "usernames", expected, remedy });
    return [];
  }
  return entries.flatMap((entry) => toRecord(file, entry, usernames, problems) ?? []);
}

function findEntries(file: string, root: JsonNode, problems: ProblemList): { round?: JsonNode; entries: JsonNode[] } {
  if (root.kind === "array") return { entries: root.items };
  const rounds = member(member(root, "data"), "rounds");
  const found = rounds?.kind === "array" ? rounds.items : [];
  const [round] = found;
  const leaderboard = member(round, "leaderboard");
  if (found.length === 1 && leaderboard?.kind === "array") {
    const number = member(round, "number");
    return { ...(number === undefined ? {} : { round: number }), entries: leaderboard.items };
  }
  problems.add({
    file,
    line: rounds?.line ?? root.line,
    column: "file",
    found: found.length > 1 ? `${found.length} rounds` : "no leaderboard",
    expected: "data.rounds with one round and its leaderboard, or an array of rows",
    remedy: "Ask the API for one round, with its leaderboard.",
  });
  return { entries: [] };
}

function toRecord(
  file: string,
  entry: JsonNode,
  usernames: ReadonlyMap<string, string>,
  problems: ProblemList,
): ScoreRecord | undefined {
  const { line } = entry;
  const username = textOf(member(entry, "username"));
  const modelId = usernames.get(username);
  if (modelId === undefined) {
    if (isUnstaked(entry)) return undefined;
    const found = username === "" ? "no value" : quoted(username);
    const remedy = "Add the username and its model id to the mapping file.";
    problems.add({ file, line, column: "username", found, expected: "a username of the mapping file", remedy });
    return undefined;
  }
  const refuse = (column: string, found: string, expected: string, remedy: string): void => {
    problems.add({ file, line: member(entry, column)?.line ?? line, column, found, expected, remedy });
  };
  const values = new Map([["model_id", modelId]]);
  let pending = false;
  for (const [column, field] of [
    ["live_logloss", "liveLogloss"],
    ["consistency", "consistency"],
    ["concordance", "concordance"],
    ["originality", "originality"],
  ] as const) {
    const metric = member(entry, field);
    const state = member(metric, "pending");
    const node = metric?.kind === "object" ? member(metric, "value") : metric;
    const text = state?.kind === "boolean" && state.value ? "" : textOf(node);
    if (text === "") {
      pending = true;
      refuse(field, "a pending metric", "its value", "Wait until it is computed and fetch the leaderboard again.");
    }
    values.set(column, text);
  }
  for (const field of ["value", "confidence"]) {
    const amount = member(member(entry, "stake"), field);
    if (amount === undefined || amount.kind === "null") continue;
    // a JSON number has been through a float somewhere on its way here
    if (amount.kind === "string" && /^\d+(\.\d+)?$/.test(amount.value)) continue;
    const found = amount.kind === "number" ? `the number ${amount.text}` : quoted(textOf(amount));
    refuse("stake", `${found} as ${field}`, "a decimal string", "Fetch the leaderboard again, money as strings.");
  }
  return pending ? undefined : { line, values };
}

/** Whether the entry says that there is no stake; one that says nothing of stakes may have one. */
function isUnstaked(entry: JsonNode): boolean {
  const stake = member(entry, "stake");
  return stake?.kind === "null" || member(stake, "value")?.kind === "null";
}

function member(node: JsonNode | undefined, key: string): JsonNode | undefined {
  return node?.kind === "object" ? node.members.get(key) : undefined;
}

function textOf(node: JsonNode | undefined): string {
  return node === undefined ? "" : scalarText(node);
}
