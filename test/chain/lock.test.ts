import { once } from "node:events";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { holdersOf, takeLock } from "../../scripts/chain/lock.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";
import { startTypescript } from "../fixtures/typescript-process.js";

const LOCK_MODULE = new URL("../../scripts/chain/lock.ts", import.meta.url).href;

describe("takeLock", () => {
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "numeraire-"));
    file = path.join(folder, "account.jsonl");
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const refusal = async (): Promise<NumeraireError> => {
    try {
      await takeLock(file, "account");
    } catch (error) {
      if (error instanceof NumeraireError) return error;
      throw error;
    }
    throw new Error("took the lock");
  };
  /** Starts a process that takes the lock and says how that went. */
  const rival = (stay: boolean) => {
    const program = `import { takeLock } from ${JSON.stringify(LOCK_MODULE)};
      takeLock(${JSON.stringify(file)}, "account").then(
        () => { console.log("held"); ${stay ? "setInterval(() => {}, 1000);" : ""} },
        (error) => { console.log(error.message); });`;
    return startTypescript(["--input-type=module", "-e", program]);
  };
  const firstLine = async (child: ReturnType<typeof rival>): Promise<string> => {
    const [data] = (await once(child.stdout, "data")) as [Buffer];
    return data.toString().trim();
  };

  it("keeps another taker of the same process out until it is released", async () => {
    const lock = await takeLock(file, "account");
    const error = await refusal();
    expect(error.message).to.equal(`account: found process ${process.pid} at work, expected to be alone`);
    expect(error.exitCode).to.equal(2);
    await lock.release();
    expect(await readdir(folder)).to.deep.equal([]);
    await (await takeLock(file, "account")).release();
  });

  it("keeps another process out, and gives way at once when that is killed", async () => {
    const child = rival(true);
    try {
      expect(await firstLine(child)).to.equal("held");
      expect((await refusal()).message).to.contain(`found process ${String(child.pid)} at work`);
      expect((await holdersOf(file)).map(({ pid }) => pid)).to.deep.equal([child.pid]);
    } finally {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    expect(await holdersOf(file)).to.deep.equal([]);
    await (await takeLock(file, "account")).release();
    expect(await readdir(folder)).to.deep.equal([]);
  });

  it("lets at most one of several processes in that begin together", async () => {
    const children = [rival(true), rival(true), rival(true)];
    try {
      const lines = await Promise.all(children.map(firstLine));
      expect(lines.filter((line) => line === "held").length).to.be.at.most(1);
    } finally {
      for (const child of children) child.kill("SIGKILL");
    }
  });

  it("is not fooled by a process that has the id of one that ended", async function () {
    const { pid } = process;
    await takeLock(file, "account").then((lock) => lock.release());
    // A claim of this very process id, but of another life: its parent, say, whose id was given out again.
    const other = process.ppid;
    await writeFile(`${file}.lock-${other}`, JSON.stringify({ pid: other, host: hostname(), began: "boot/1" }));
    const lock = await takeLock(file, "account");
    expect(await readdir(folder)).to.deep.equal([`account.jsonl.lock-${pid}`]);
    await lock.release();
  });

  it("holds against a process of another machine, and says which file to remove", async () => {
    const claim = `${file}.lock-1`;
    await writeFile(claim, JSON.stringify({ pid: 1, host: "elsewhere", began: "" }));
    const error = await refusal();
    expect(error.message).to.contain("process 1 on elsewhere");
    expect(error.hint).to.contain(claim);
    expect(await readFile(claim, "utf8")).to.contain("elsewhere");
  });

  it("takes a claim that was cut short for what its name says", async () => {
    await writeFile(`${file}.lock-${process.ppid}`, '{"pi');
    expect((await refusal()).message).to.contain(`found process ${process.ppid} at work`);
    await rm(`${file}.lock-${process.ppid}`);
    await writeFile(`${file}.lock-2147483646`, "");
    await (await takeLock(file, "account")).release();
  });
});
