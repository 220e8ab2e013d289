import { once } from "node:events";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { holdersOf, takeLock, type Holder } from "../../scripts/chain/lock.js";
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

  describe("with the claim of another process", () => {
    /** The claim that this process would write, changed. */
    const claimed = async (change: Partial<Holder>): Promise<string> => {
      const lock = await takeLock(file, "account");
      const [name = ""] = await readdir(folder);
      const own = JSON.parse(await readFile(path.join(folder, name), "utf8")) as Holder;
      await lock.release();
      const claim = `${file}.lock-${change.pid ?? own.pid}-00`;
      await writeFile(claim, JSON.stringify({ ...own, ...change }));
      return claim;
    };
    const expectGivingWay = async (claim: string) => {
      const lock = await takeLock(file, "account");
      const names = await readdir(folder);
      expect(names).to.have.length(1);
      expect(path.join(folder, names[0] ?? "")).not.to.equal(claim);
      await lock.release();
    };

    it("whose id another one has got since, gives way", async () => {
      // The parent of this one runs, and did not begin at the first tick.
      await expectGivingWay(await claimed({ pid: process.ppid, began: "1" }));
    });

    it("that ran before the machine was started again, gives way, whoever has its id now", async () => {
      await expectGivingWay(await claimed({ boot: "an earlier one", began: "" }));
    });

    it("is not deceived by the machine's new name", async () => {
      await expectGivingWay(await claimed({ pid: process.ppid, began: "1", host: "old-name" }));
      await claimed({ host: "old-name" });
      expect((await refusal()).message).to.contain(`found process ${process.pid} on old-name at work`);
    });

    it("of the same id on another machine, holds, and says which file to remove", async () => {
      const claim = await claimed({ host: "elsewhere", boot: "another", began: "1" });
      const error = await refusal();
      expect(error.message).to.contain(`process ${process.pid} on elsewhere`);
      expect(error.hint).to.contain(claim);
      expect(await readFile(claim, "utf8")).to.contain("elsewhere");
      expect(await holdersOf(file)).to.have.length(1);
    });

    it("in another container, whose ids mean nothing here, holds", async () => {
      const claim = await claimed({ pid: 2_147_483_646, space: "pid:[1]" });
      const error = await refusal();
      expect(error.message).to.contain("process 2147483646 of another container at work");
      expect(error.hint).to.contain(claim);
    });
  });

  it("takes a claim that was cut short for what its name says", async () => {
    await writeFile(`${file}.lock-${process.ppid}`, '{"pi');
    expect((await refusal()).message).to.contain(`found process ${process.ppid} at work`);
    await rm(`${file}.lock-${process.ppid}`);
    await writeFile(`${file}.lock-2147483646`, "");
    await (await takeLock(file, "account")).release();
  });
});
