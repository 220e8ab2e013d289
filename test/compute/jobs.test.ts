import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "chai";

import { openBooks, type Books } from "../../scripts/compute/books.js";
import { endGroups } from "../../scripts/compute/control-group.js";
import { Jobs, type Job, type JobSettings } from "../../scripts/compute/jobs.js";
import { WORK } from "../../scripts/compute/sandbox.js";
import type { UsageLine } from "../../scripts/compute/usage-log.js";
import { ENDED } from "../fixtures/ended.js";
import { failure } from "../fixtures/failure.js";
import { skipUnlessRoot } from "../fixtures/skip-unless-root.js";

const [USER, OTHER] = ["0x00000000000000000000000000000000000000A1", "0x00000000000000000000000000000000000000B2"];
const RICH = { claimed: 0n, available: 2n ** 80n, signed: 2n ** 80n };
const POOR = { claimed: 0n, available: 0n, signed: 0n };

describe("Jobs", function () {
  this.timeout(180_000);
  const group = `test-jobs-${process.pid}`;
  let folder: string;
  let books: Books;
  let jobs: Jobs;

  before(skipUnlessRoot);
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "numeraire-jobs-"));
    await mkdir(path.join(folder, "jobs"));
    books = await openBooks(path.join(folder, "books.jsonl"));
  });
  afterEach(async () => {
    await jobs.close();
    await endGroups(group);
    await books.close();
    await rm(folder, { recursive: true, force: true });
  });

  const open = (changes: Partial<JobSettings> = {}) => {
    jobs = new Jobs(books, {
      folder: path.join(folder, "jobs"),
      group,
      prices: { cpuSecond: 1_000_000n, gibSecond: 0n },
      limits: {
        cpuSeconds: 60,
        cores: 1,
        memoryBytes: 2 ** 27,
        processes: 16,
        diskBytes: 64 * 2 ** 20,
        wallSeconds: 60,
      },
      places: 4,
      interval: 10_000_000n,
      patience: 30_000,
      userJobs: 8,
      userBytes: 2 ** 24,
      keep: 60_000,
      standingOf: () => Promise.resolve(RICH),
      ...changes,
    });
  };
  const submit = async (source: string, user = USER) =>
    jobs.submit(user, { runtime: "python", entry: "main" }, [{ path: "main", content: Buffer.from(source) }]);
  const ended = async (job: Job) => {
    while (!ENDED.includes(job.state)) await sleep(20);
    return job;
  };

  it("let two of one user begin at once only where the credit is enough for both", async () => {
    let asked = 0;
    let answer = (): void => undefined;
    const bothAsked = new Promise<void>((resolve) => (answer = resolve));
    open({
      // A job of 128 MiB can cost 1,000,000 until the next look.
      prices: { cpuSecond: 0n, gibSecond: 16_000_000n },
      interval: 1_500_000n,
      standingOf: async () => {
        asked += 1;
        if (asked === 2) answer();
        // A chain that answers both in the same moment.
        await bothAsked;
        return { ...POOR, available: 2n ** 80n };
      },
    });
    const both = [await submit("import time\ntime.sleep(30)"), await submit("import time\ntime.sleep(30)")];
    while (!both.some(({ state }) => state === "running")) await sleep(5);
    expect(both.map(({ state }) => state).sort()).to.deep.equal(["queued", "running"]);
  });

  it("are limited in number for each user", async () => {
    open({ userJobs: 2, standingOf: () => Promise.resolve(POOR), patience: 500 });
    const first = await submit("");
    await submit("");
    expect((await failure(submit(""))).message).to.contain("found 2 jobs that have not ended, expected less than 2");
    await submit("", OTHER);
    expect(await ended(first)).to.include({ state: "stopped", reason: "not paid: sign vouchers, or deposit" });
    await submit("");
  });

  it("are limited in number although they come at once", async () => {
    open({ userJobs: 2, standingOf: () => Promise.resolve(POOR) });
    const all = await Promise.allSettled(Array.from({ length: 5 }, () => submit("")));
    expect(all.filter(({ status }) => status === "fulfilled").length).to.equal(2);
  });

  it("are limited in what they keep for each user: programs, results and what was printed", async () => {
    open({ userBytes: 2 ** 20 });
    expect((await failure(submit("#".repeat(2 ** 20 + 1)))).message).to.contain(
      "bytes of programs and results, expected 1048576",
    );
    await ended(await submit("open('result', 'wb').write(b'x' * 500_000)"));
    await ended(await submit("print('x' * 500_000)"));
    expect((await failure(submit("#".repeat(100_000)))).message).to.contain("bytes of programs and results");
    await submit("", OTHER);
  });

  it("are not accepted where the disk has no room for what they may write", async () => {
    open({
      limits: { cpuSeconds: 1, cores: 1, memoryBytes: 2 ** 27, processes: 16, diskBytes: 2 ** 50, wallSeconds: 1 },
    });
    expect((await failure(submit(""))).message).to.contain("bytes free, expected");
    expect(jobs.isBusy(USER)).to.equal(false);
  });

  it("are stopped with too many files, which are removed", async () => {
    open();
    const job = await ended(await submit("for i in range(10_001): open(str(i), 'w')\nimport time\ntime.sleep(60)"));
    expect(job).to.include({ state: "stopped", reason: "files: found more than 10000 of them" });
    while (existsSync(path.join(job.folder, WORK))) await sleep(20);
  });

  it("are stopped with too many bytes in several files", async () => {
    open({
      limits: { cpuSeconds: 60, cores: 1, memoryBytes: 2 ** 27, processes: 16, diskBytes: 2 ** 20, wallSeconds: 60 },
    });
    const job = await ended(await submit("for i in range(9): open(str(i), 'wb').write(b'x' * 2**19)"));
    expect(job).to.include({ state: "stopped", reason: "files: found more than 1048576 bytes" });
  });

  for (const [how, keep] of [
    ["open", "kept.append(file)"],
    ["mapped", "kept.append(mmap.mmap(file.fileno(), 0)); file.close()"],
    ["open in a thread of its own", "apart(file)"],
  ] as const) {
    it(`are stopped with too many bytes in files that have no name any more and are held ${how}`, async () => {
      open({
        limits: { cpuSeconds: 60, cores: 1, memoryBytes: 2 ** 27, processes: 16, diskBytes: 2 ** 20, wallSeconds: 60 },
      });
      const source = `
import ctypes, mmap, os, threading, time
kept = []
def apart(file):
    def hold():
        # CLONE_FILES: what it has open is no longer what the others have.
        assert ctypes.CDLL(None).unshare(0x400) == 0
        ready.set()
        time.sleep(60)
    ready = threading.Event()
    threading.Thread(target=hold, daemon=True).start()
    ready.wait()
    file.close()
for i in range(3):
    file = open(str(i), "wb+")
    file.write(b"x" * 2**19)
    file.flush()
    os.unlink(str(i))
    ${keep}
time.sleep(60)`;
      const job = await ended(await submit(source));
      expect(job).to.include({ state: "stopped", reason: "files: found more than 1048576 bytes" });
    });
  }

  it("are stopped with too many mappings to be looked at", async () => {
    open();
    const job = await ended(
      await submit(`
import ctypes, time
map = ctypes.CDLL(None).mmap
map.restype = ctypes.c_void_p
map.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_long]
file = open("main", "rb")
for _ in range(11_000): map(None, 1, 1, 1, file.fileno(), 0)
time.sleep(60)`),
    );
    expect(job).to.include({ state: "stopped", reason: "files: found more than 10000 of them open or mapped" });
  });

  it("are stopped with too many bytes, some in a file that has no name any more", async () => {
    open({
      limits: { cpuSeconds: 60, cores: 1, memoryBytes: 2 ** 27, processes: 16, diskBytes: 2 ** 20, wallSeconds: 60 },
    });
    const job = await ended(
      await submit(`
import os, time
held = open("held", "wb")
held.write(b"x" * 700_000)
os.unlink("held")
open("named", "wb").write(b"x" * 700_000)
time.sleep(60)`),
    );
    expect(job).to.include({ state: "stopped", reason: "files: found more than 1048576 bytes" });
  });

  it("owe what the disk refused to take down, once it takes it again", async () => {
    const refused: UsageLine[] = [];
    const addLine = books.addLine.bind(books);
    // A disk that is full for a moment.
    books.addLine = async (user, line) => {
      if (refused.length > 0) return addLine(user, line);
      refused.push(line);
      throw new Error("ENOSPC: no space left on device, write");
    };
    open();
    const job = await ended(await submit("while True: pass"));
    expect(job).to.include({ state: "failed", reason: "ENOSPC: no space left on device, write" });
    const [line, ...others] = books.linesOf(USER);
    expect(others).to.deep.equal([]);
    expect(line?.index).to.equal(0);
    expect(line !== undefined && line.cpuMicros >= (refused[0]?.cpuMicros ?? 0n)).to.equal(true);
    expect(line !== undefined && line.byteMillis >= (refused[0]?.byteMillis ?? 0n)).to.equal(true);
    expect(job.cost).to.equal(line?.cost);
  });

  it("are stopped with folders too deep to be named, and forgotten with them", async () => {
    open({ keep: 200 });
    const job = await ended(
      await submit("import os\nfor _ in range(1_000):\n    os.mkdir('folder')\n    os.chdir('folder')"),
    );
    expect(job).to.include({ state: "stopped", reason: "files: found folders more than 32 deep" });
    while (existsSync(job.folder)) await sleep(20);
    expect(jobs.get(job.id)).to.equal(undefined);
  });

  it("keep what they left for a while, and then count for nothing", async () => {
    open({ keep: 1_000, userJobs: 1, userBytes: 2_000_000 });
    const job = await ended(await submit("open('result', 'wb').write(b'x' * 1_500_000)"));
    expect(job.state).to.equal("done");
    expect(existsSync(path.join(job.folder, WORK, "result"))).to.equal(true);
    expect(jobs.get(job.id)).to.equal(job);
    expect((await failure(submit("#".repeat(1_000_000)))).message).to.contain("bytes of programs and results");
    while (existsSync(job.folder)) await sleep(20);
    expect(jobs.get(job.id)).to.equal(undefined);
    await submit("#".repeat(1_000_000));
  });
});
