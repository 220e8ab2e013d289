import { open, readFile, type FileHandle } from "node:fs/promises";
import path from "node:path";

import { NumeraireError } from "../../sdk/numeraire-error.js";
import { takeLock } from "./lock.js";

/** A signed transaction, written down before anybody else sees it. */
export interface SignedEntry {
  event: "signed";
  step: string;
  from: string;
  nonce: number;
  hash: string;
  /** The signed transaction, ready to be broadcast again. */
  raw: string;
}

/** What a journal records, one JSON object a line; each line has the time it was written as well, as `at`. */
export type JournalEntry =
  | SignedEntry
  /** A transaction handed to a node that signs it itself; one without `to` creates a contract. */
  | { event: "intent"; step: string; from: string; nonce: number; to?: string; dataHash: string }
  | { event: "mined"; step: string; from: string; nonce: number; hash: string; block: number; gasUsed: string }
  /** The nonce was used by another transaction, so this one can never be mined. */
  | { event: "superseded"; step: string; from: string; nonce: number };

/** The record of what was sent, and the lock that keeps a second instance out. */
export interface Journal {
  /** Everything recorded so far, oldest first. */
  entries: readonly JournalEntry[];
  /** Writes an entry through to the disk before it returns. */
  append(entry: JournalEntry): Promise<void>;
  /** Releases the lock. */
  close(): Promise<void>;
}

/** All that was signed for one nonce: a transaction and those that replaced it. */
export interface NonceRecord {
  nonce: number;
  /** What the first of them does. */
  step: string;
  /** Oldest first; at least one. */
  signed: SignedEntry[];
  /** Whether one was seen mined, or another transaction in its place. */
  closed: boolean;
}

/**
 * Opens a journal for one instance at a time.
 * @param file Path of the JSONL file; created when missing.
 * @param what Whose journal it is, for messages.
 * @throws {NumeraireError} when another instance holds it or it cannot be written.
 */
export async function openJournal(file: string, what: string): Promise<Journal> {
  const lock = await takeLock(file, what).catch((error: unknown) => {
    throw unusable(file, error);
  });
  try {
    const { entries, torn } = await readEntries(file);
    const handle = await openForAppend(file);
    // A crash, or a disk that is full, can leave half a line; what follows must begin its own.
    if (torn) await handle.write("\n");
    let failed = false;
    return {
      entries,
      append: async (entry) => {
        const begin = failed ? "\n" : "";
        failed = true;
        await writeThrough(handle, file, entry, begin);
        failed = false;
        entries.push(entry);
      },
      close: async () => {
        await handle.close();
        await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw unusable(file, error);
  }
}

function unusable(file: string, error: unknown): NumeraireError {
  if (error instanceof NumeraireError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new NumeraireError(`${file}: the journal could not be opened (${reason}), so nothing was sent`, {
    hint: "Give the user who runs the command a folder to write to, with room on its disk, in NUMERAIRE_STATE_DIR.",
    exitCode: 2,
    cause: error,
  });
}

/** What was signed by an account, by nonce, lowest first. */
export function recordsOf(entries: readonly JournalEntry[], from: string): NonceRecord[] {
  const records = new Map<number, NonceRecord>();
  for (const entry of entries) {
    if (entry.from !== from) continue;
    const { nonce, step } = entry;
    const record = records.get(nonce);
    if (entry.event === "signed") {
      if (record === undefined) records.set(nonce, { nonce, step, signed: [entry], closed: false });
      else record.signed.push(entry);
    } else if (record !== undefined && entry.event !== "intent") {
      record.closed = true;
    }
  }
  return [...records.values()].sort((a, b) => a.nonce - b.nonce);
}

/** The nonce after all that an account signed or saw mined; 0 for a journal without any. */
export function nonceAfter(entries: readonly JournalEntry[], from: string): number {
  return entries
    .filter((entry) => entry.from === from && entry.event !== "intent")
    .reduce((next, { nonce }) => Math.max(next, nonce + 1), 0);
}

async function openForAppend(file: string): Promise<FileHandle> {
  // What is signed in it and was cancelled could be broadcast by whoever can read it.
  const handle = await open(file, "a", 0o600);
  try {
    // So that the file itself outlives a loss of power, not its content alone.
    const folder = await open(path.dirname(file), "r");
    await folder.sync().finally(() => folder.close());
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function writeThrough(handle: FileHandle, file: string, entry: JournalEntry, begin: string): Promise<void> {
  const line = Buffer.from(`${begin}${JSON.stringify({ ...entry, at: new Date().toISOString() })}\n`);
  try {
    // A write may take less than all of it: a disk with room for half a line must not pass for done.
    for (let from = 0; from < line.length;) from += (await handle.write(line, from)).bytesWritten;
    await handle.sync();
  } catch (error) {
    const lost = entry.event === "signed" || entry.event === "intent";
    throw new NumeraireError(
      `${file}: the journal could not be written${lost ? ", so the transaction was not broadcast" : ""}`,
      {
        hint: "Make room on the disk and run the command again; it continues where it stopped.",
        exitCode: 2,
        cause: error,
      },
    );
  }
}

/** What a journal records, as another process may be about to continue it; empty where there is none. */
export async function readJournal(file: string): Promise<readonly JournalEntry[]> {
  return (await readEntries(file)).entries;
}

async function readEntries(file: string): Promise<{ entries: JournalEntry[]; torn: boolean }> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return { entries: [], torn: false };
    throw error;
  }
  const entries = text.split("\n").flatMap((line): JournalEntry[] => {
    try {
      const entry: unknown = JSON.parse(line);
      return typeof entry === "object" && entry !== null ? [entry as JournalEntry] : [];
    } catch {
      return []; // blank, or half a line of a process that was killed before it broadcast
    }
  });
  return { entries, torn: text !== "" && !text.endsWith("\n") };
}
