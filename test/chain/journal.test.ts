import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { expect } from "chai";

import { stateFolder } from "../../scripts/chain/account-journal.js";
import { nonceAfter, openJournal, recordsOf, type Journal, type JournalEntry } from "../../scripts/chain/journal.js";
import { skipUnlessRoot } from "../fixtures/skip-unless-root.js";

const JOURNAL_MODULE = new URL("../../scripts/chain/journal.ts", import.meta.url).href;

describe("journal", () => {
  let folder: string;
  let file: string;
  const open = (): Promise<Journal> => openJournal(file, "account");
  const signed = (nonce: number, hash = "0x01", from = "0xa"): JournalEntry => ({
    event: "signed",
    step: `step ${nonce}`,
    from,
    nonce,
    hash,
    raw: "0x",
  });
  const mined = (nonce: number, from = "0xa"): JournalEntry => ({
    event: "mined",
    step: `step ${nonce}`,
    from,
    nonce,
    hash: "0x01",
    block: 7,
    gasUsed: "21000",
  });

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "numeraire-"));
    file = path.join(folder, "account.jsonl");
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("keeps what was written for the next run, with the time of each line", async () => {
    const first = await open();
    await first.append(signed(0));
    await first.append(mined(0));
    await first.close();
    const second = await open();
    await second.close();
    expect(second.entries.map(({ event }) => event)).to.deep.equal(["signed", "mined"]);
    const [line = ""] = (await readFile(file, "utf8")).split("\n");
    expect(Date.parse((JSON.parse(line) as { at: string }).at)).to.be.closeTo(Date.now(), 60_000);
  });

  it("ignores half a line of a run that was killed, and begins the next one on its own", async () => {
    await appendFile(file, `${JSON.stringify(signed(0))}\n{"event":"signed","no`);
    const journal = await open();
    expect(journal.entries).to.have.length(1);
    await journal.append(signed(1));
    await journal.close();
    const again = await open();
    await again.close();
    expect(again.entries.map(({ nonce }) => nonce)).to.deep.equal([0, 1]);
  });

  it("ignores a line that is JSON and no entry", async () => {
    await appendFile(file, `null\n7\n"signed"\n${JSON.stringify(signed(0))}\n`);
    const journal = await open();
    await journal.close();
    expect(recordsOf(journal.entries, "0xa").map(({ nonce }) => nonce)).to.deep.equal([0]);
    expect(journal.entries).to.have.length(1);
  });

  it("keeps a second instance out until it is closed", async () => {
    const journal = await open();
    await open().then(
      () => expect.fail("opened twice"),
      (error: unknown) => expect(String(error)).to.contain("at work"),
    );
    await journal.close();
    await (await open()).close();
  });

  it("refuses to go on where the disk is full, before anything could be broadcast", async function () {
    if (process.platform === "win32") this.skip();
    const limit = 1024;
    // All but the last bytes of what the process may write to a file.
    await writeFile(file, `${" ".repeat(limit * 1024 - 41)}\n`);
    const program = `import { openJournal } from ${JSON.stringify(JOURNAL_MODULE)};
      const journal = await openJournal(${JSON.stringify(file)}, "account");
      await journal.append(${JSON.stringify(signed(0))}).then(
        () => console.log("written"),
        (error) => console.log([error.message, error.hint, error.exitCode].join("|")),
      );`;
    const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
    const shell = `ulimit -f ${limit} && exec "$0" --import ${tsx} --input-type=module -e "$1"`;
    const child = spawn("bash", ["-c", shell, process.execPath, program], { stdio: ["ignore", "pipe", "inherit"] });
    const exited = once(child, "exit");
    const [data] = (await once(child.stdout, "data")) as [Buffer];
    await exited;
    const [message, hint, exitCode] = data.toString().trim().split("|");
    expect(message).to.equal(`${file}: the journal could not be written, so the transaction was not broadcast`);
    expect(hint).to.contain("Make room on the disk");
    expect(exitCode).to.equal("2");
    // What little fitted is no entry for the next run.
    const journal = await open();
    expect(journal.entries).to.deep.equal([]);
    await journal.append(signed(1));
    await journal.close();
    const again = await open();
    await again.close();
    expect(again.entries).to.have.length(1);
  });

  it("begins the next entry on its own line once a full disk has room again", async function () {
    skipUnlessRoot.call(this);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=16k", "tmpfs", folder]);
    try {
      await writeFile(path.join(folder, "filler"), Buffer.alloc(4_096));
      const journal = await open();
      let nonce = 0;
      const append = async (): Promise<boolean> => {
        const written = journal.append(signed(nonce));
        return written.then(
          () => true,
          () => false,
        );
      };
      while (await append()) nonce += 1;
      expect(await readFile(file, "utf8")).to.match(/[^\n]$/);
      await rm(path.join(folder, "filler"));
      expect(await append()).to.equal(true);
      await journal.close();
      const again = await open();
      await again.close();
      expect(again.entries.map((entry) => entry.nonce)).to.deep.equal(Array.from({ length: nonce + 1 }, (_, i) => i));
    } finally {
      execFileSync("umount", ["--lazy", folder]);
    }
  });

  it("groups by nonce what an account signed, the newest last, and tells what is closed", () => {
    const entries = [
      signed(5, "0x05"),
      signed(4, "0x04"),
      signed(5, "0x06"),
      mined(4),
      signed(9, "0x09", "0xb"),
      { event: "superseded", step: "step 5", from: "0xb", nonce: 5 } as const,
    ];
    const records = recordsOf(entries, "0xa");
    expect(records.map(({ nonce, closed, signed: of }) => [nonce, closed, of.map(({ hash }) => hash)])).to.deep.equal([
      [4, true, ["0x04"]],
      [5, false, ["0x05", "0x06"]],
    ]);
    expect(nonceAfter(entries, "0xa")).to.equal(6);
    expect(nonceAfter(entries, "0xc")).to.equal(0);
  });

  it("does not count a nonce that a node was only asked to use", () => {
    const intent: JournalEntry = { event: "intent", step: "s", from: "0xa", nonce: 3, to: "0x0", dataHash: "0x0" };
    expect(nonceAfter([intent], "0xa")).to.equal(0);
    expect(nonceAfter([intent, mined(3)], "0xa")).to.equal(4);
  });

  it("is kept in the folder that is set, or that of the user", () => {
    expect(stateFolder({ NUMERAIRE_STATE_DIR: "/var/lib/numeraire", XDG_STATE_HOME: "/x" })).to.equal(
      "/var/lib/numeraire",
    );
    expect(stateFolder({ NUMERAIRE_STATE_DIR: "", XDG_STATE_HOME: "/home/o/.state" })).to.equal(
      "/home/o/.state/numeraire",
    );
    expect(stateFolder({})).to.match(/\.local\/state\/numeraire$/);
  });
});
