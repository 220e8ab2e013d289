import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import { pipeline } from "node:stream/promises";
import { predictionsHash } from "../../../sdk/commitment.js";
import { NumeraireError } from "../../../sdk/numeraire-error.js";
import { ProblemList } from "../../terminal/problem-list.js";
import type { Delivery } from "./deliveries.js";

/** A model's last commitment in a round, and where in the chain it was made. */
export interface LastCommitment {
  modelId: bigint;
  /** 32 bytes as hex; see `predictionsHash` of the sdk. */
  predictionsHash: string;
  blockNumber: number;
  logIndex: number;
}

/** What a round's commitments are checked against. */
export interface CommitmentTerms {
  commitments: readonly LastCommitment[];
  chainId: bigint;
  /** Address of the tournament. */
  tournament: string;
  roundId: bigint;
  /** When staking ended, in Unix seconds; a file that arrives in that second is in time. */
  closesAt: number;
}

/** What a model submitted: a file to measure, or why there is none that counts. */
export type Submission = { modelId: bigint } & (
  | { file: string; fileSha256: string; failure?: undefined }
  | { file?: undefined; fileSha256?: undefined; failure: string }
);

/** A delivery with the SHA-256 of its bytes, or its size where it is too large to be read. */
export type HashedDelivery = Delivery &
  ({ fileSha256: string; excess?: undefined } | { fileSha256?: undefined; excess: { bytes: number; most: number } });

/** Files hashed at once, in threads of Node's, which need them whole: together they stay small beside the database. */
const AT_ONCE = 4;
/** Bytes up to which a file is read whole; a larger one is read as a stream. */
const WHOLE = 32 << 20;

/**
 * Adds the SHA-256 of each file.
 * @param most Bytes that a file may have; a larger one is not read.
 * @throws {NumeraireError} when a file cannot be read.
 */
export async function hashDeliveries(
  deliveries: readonly Delivery[],
  most = Number.MAX_SAFE_INTEGER,
): Promise<HashedDelivery[]> {
  const hashed: HashedDelivery[] = [];
  const queue = deliveries.entries();
  const work = async (): Promise<void> => {
    for (const [index, delivery] of queue) hashed[index] = await hashDelivery(delivery, most);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return hashed;
}

async function hashDelivery(delivery: Delivery, most: number): Promise<HashedDelivery> {
  const { file } = delivery;
  try {
    const { size } = await stat(file);
    if (size > most) return { ...delivery, excess: { bytes: size, most } };
    return { ...delivery, fileSha256: `0x${await (size > WHOLE ? hashStream(file) : hashWhole(file))}` };
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown error";
    throw new NumeraireError(`${file}: found no readable file (${code}), expected predictions`, {
      hint: "Restore the file that was delivered.",
      cause,
    });
  }
}

async function hashWhole(file: string): Promise<string> {
  return Buffer.from(await crypto.subtle.digest("SHA-256", await readFile(file))).toString("hex");
}

async function hashStream(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

/**
 * The submission behind each commitment, in the order in which the last commitments were made. A commitment counts
 * with a file that arrived by the close and hashes to it with its salt; otherwise the submission is a failure.
 * @param onWarning Told of deliveries of models that committed nothing; they are left out.
 * @throws {NumeraireError} when a delivery has no time of arrival: only the operator can know it.
 */
export function matchCommitments(
  deliveries: readonly HashedDelivery[],
  terms: CommitmentTerms,
  onWarning: (text: string) => void,
): Submission[] {
  const committed = new Set(terms.commitments.map(({ modelId }) => modelId));
  for (const { modelId, file, receivedAt } of deliveries) {
    if (!committed.has(modelId)) {
      onWarning(`${basename(file)} ignored: model ${modelId} has no commitment in round ${terms.roundId}`);
    } else if (receivedAt === undefined) {
      throw new NumeraireError(`${file}: found no received_at, expected the Unix second in which the file arrived`, {
        hint: "List every file in deliveries.csv with model_id, file, salt and received_at.",
      });
    }
  }
  return terms.commitments
    .toSorted((a, b) => a.blockNumber - b.blockNumber || a.logIndex - b.logIndex)
    .map((commitment) =>
      toSubmission(
        commitment,
        deliveries.filter(({ modelId }) => modelId === commitment.modelId),
        terms,
      ),
    );
}

function toSubmission(
  { modelId, predictionsHash: expected }: LastCommitment,
  deliveries: readonly HashedDelivery[],
  { chainId, tournament, roundId, closesAt }: CommitmentTerms,
): Submission {
  const failures: string[] = [];
  for (const { file, fileSha256, excess, salt, receivedAt } of deliveries) {
    const name = basename(file);
    if (excess !== undefined) {
      failures.push(`${name} has ${excess.bytes} bytes, at most ${excess.most} are read`);
      continue;
    }
    const hash =
      salt === undefined ? undefined : predictionsHash({ chainId, tournament, roundId, modelId, salt, fileSha256 });
    if (hash === undefined) failures.push(`${name} was delivered without the salt of the commitment`);
    else if (hash !== expected.toLowerCase()) failures.push(`${name} hashes to ${hash}, committed was ${expected}`);
    else if (receivedAt === undefined || receivedAt > closesAt) {
      failures.push(`${name} arrived at ${receivedAt ?? "an unknown time"}, the round closed at ${closesAt}`);
    } else return { modelId, file, fileSha256 };
  }
  return { modelId, failure: failures.length === 0 ? "no file was delivered" : failures.join("; ") };
}

/**
 * The submissions where there is no chain to ask: the deliveries in their own order.
 * @throws {NumeraireError} when a model has two, or files are too large.
 */
export function listSubmissions(deliveries: readonly HashedDelivery[]): Submission[] {
  const files = new Map<bigint, string>();
  const problems = new ProblemList();
  const submissions: Submission[] = [];
  for (const { modelId, file, fileSha256, excess } of deliveries) {
    const other = files.get(modelId);
    if (other !== undefined) {
      throw new NumeraireError(`${file}: found a second file of model ${modelId}, expected only ${other}`, {
        hint: "Keep the file that counts.",
      });
    }
    files.set(modelId, file);
    if (excess === undefined) {
      submissions.push({ modelId, file, fileSha256 });
      continue;
    }
    const [found, expected] = [`${excess.bytes} bytes`, `at most ${excess.most}`];
    const remedy = "Have the predictions delivered again.";
    problems.add({ file, line: 1, column: "file", found, expected, remedy });
  }
  problems.throwIfAny();
  return submissions;
}
