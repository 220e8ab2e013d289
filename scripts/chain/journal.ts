import { mkdir, open, readFile, rm, type FileHandle } from "node:fs/promises";
import path from "node:path";

import { NumeraireError } from "../../sdk/numeraire-error.js";

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

/** What a journal records, one JSON object a line. */
export type JournalEntry =
  | SignedEntry
  /** A transaction handed to a node that signs it itself. */
  | { event: "intent"; step: string; from: string; nonce: number; to: string; dataHash: string }
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

/**
 * Opens a journal for one instance at a time; a lock left by a process that no longer runs is taken over.
 * @param file Path of the JSONL file; created when missing.
 * @throws {NumeraireError} when another instance holds it or it cannot be written.
 */
export async function openJournal(file: string): Promise<Journal> {
  await mkdir(path.dirname(file), { recursive: true });
  const lock = `${file}.lock`;
  await takeLock(lock);
  try {
    const { entries, torn } = await readEntries(file);
    const handle = await open(file, "a");
    // A crash can leave half a line; what follows must begin its own.
    if (torn) await handle.write("\n");
    return {
      entries,
      append: async (entry) => {
        await writeThrough(handle, file, entry);
        entries.push(entry);
      },
      close: async () => {
        await handle.close();
        await rm(lock, { force: true });
      },
    };
  } catch (error) {
    await rm(lock, { force: true });
    throw error;
  }
}

/** Signed transactions that are neither known to be mined nor superseded, newest of each nonce last. */
export function unresolved(entries: readonly JournalEntry[], from: string): SignedEntry[] {
  const done = new Set(
    entries
      .filter((entry) => entry.from === from && (entry.event === "mined" || entry.event === "superseded"))
      .map(({ nonce }) => nonce),
  );
  return entries
    .filter((entry): entry is SignedEntry => entry.event === "signed" && entry.from === from && !done.has(entry.nonce))
    .sort((a, b) => a.nonce - b.nonce);
}

async function writeThrough(handle: FileHandle, file: string, entry: JournalEntry): Promise<void> {
  try {
    await handle.write(`${JSON.stringify(entry)}\n`);
    await handle.sync();
  } catch (error) {
    throw new NumeraireError(`${file}: the journal could not be written, so the transaction was not broadcast`, {
      hint: "Make room on the disk and run the command again; it continues where it stopped.",
      cause: error,
    });
  }
}

async function readEntries(file: string): Promise<{ entries: JournalEntry[]; torn: boolean }> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (isCode(error, "ENOENT")) return { entries: [], torn: false };
    throw error;
  }
  const entries = text.split("\n").flatMap((line): JournalEntry[] => {
    try {
      return [JSON.parse(line) as JournalEntry];
    } catch {
      return []; // blank, or half a line of a process that was killed before it broadcast
    }
  });
  return { entries, torn: text !== "" && !text.endsWith("\n") };
}

async function takeLock(lock: string): Promise<void> {
  for (let tries = 0; tries < 2; tries += 1) {
    try {
      const handle = await open(lock, "wx");
      await handle.write(String(process.pid));
      await handle.close();
      return;
    } catch (error) {
      if (!isCode(error, "EEXIST")) throw error;
      const pid = Number(await readFile(lock, "utf8").catch(() => ""));
      if (isRunning(pid)) {
        throw new NumeraireError(`${lock}: found process ${pid} at work on this round, expected to be alone`, {
          hint: "Wait until it is done, or stop it; the lock then gives way by itself.",
          exitCode: 2,
        });
      }
      await rm(lock, { force: true });
    }
  }
  throw new NumeraireError(`${lock}: could not be taken`, {
    hint: "Another instance began in the same moment: run the command again.",
    exitCode: 2,
  });
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isCode(error, "EPERM");
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
