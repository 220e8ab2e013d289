import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "chai";

import { endGroups } from "../../scripts/compute/control-group.js";
import {
  OUTPUT,
  WORK,
  placeFiles,
  safePath,
  startJob,
  type JobFile,
  type JobLimits,
  type Program,
  type RunningJob,
} from "../../scripts/compute/sandbox.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";
import { skipUnlessRoot } from "../fixtures/skip-unless-root.js";

const LIMITS: JobLimits = {
  cpuSeconds: 10,
  cores: 1,
  memoryBytes: 64 * 2 ** 20,
  processes: 16,
  diskBytes: 2 ** 20,
  wallSeconds: 30,
};

describe("safePath", () => {
  it("keeps to the folder", () => {
    expect(safePath("/jobs/1", "data/train.csv")).to.equal("/jobs/1/data/train.csv");
    for (const escape of ["", "/etc/passwd", "../x", "a/../../x", "a//b", "./a", "a/.", "a\\b", "a\0b", "a\nb"]) {
      expect(() => safePath("/jobs/1", escape), escape).to.throw(NumeraireError, "expected a relative path");
    }
    expect(() => safePath("/jobs/1", "a".repeat(201))).to.throw(NumeraireError);
  });
});

describe("A job", function () {
  this.timeout(30_000);
  let root: string;
  let count = 0;

  before(skipUnlessRoot);
  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), "numeraire-jobs-"));
  });
  afterEach(async () => {
    // A failed test leaves its job running, and the run would wait for it.
    await endGroups(`test-${process.pid}-`);
    await rm(root, { recursive: true, force: true });
  });

  const start = async (
    source: string,
    runtime: Program["runtime"] = "python",
    files: readonly JobFile[] = [],
  ): Promise<RunningJob> => {
    const folder = path.join(root, "job");
    await placeFiles(folder, [{ path: "main", content: Buffer.from(source) }, ...files]);
    return startJob(`test-${process.pid}-${(count += 1)}`, folder, { runtime, entry: "main" }, LIMITS);
  };
  const output = () => readFile(path.join(root, "job", OUTPUT), "utf8");
  const run = async (...args: Parameters<typeof start>) => {
    const job = await start(...args);
    try {
      const end = await job.ended;
      return { ...end, usage: await job.usage(), output: await output() };
    } finally {
      await job.close();
    }
  };

  it("reads its data, writes its results, and is metered by the kernel", async () => {
    const ended = await run(
      `
import time
data = open("data/x.txt").read()
open("out.txt", "w").write(data.upper())
end = time.process_time() + 0.3
while time.process_time() < end: pass
print("done")`,
      "python",
      [{ path: "data/x.txt", content: Buffer.from("abc") }],
    );
    expect(ended).to.include({ code: 0, signal: null, output: "done\n" });
    expect(await readFile(path.join(root, "job", WORK, "out.txt"), "utf8")).to.equal("ABC");
    // At least what it spent itself; the rest is starting Python and the confinement.
    expect(Number(ended.usage.cpuMicros)).to.be.within(300_000, 2_000_000);
  });

  it("pays for children that nobody waits for", async () => {
    const ended = await run(`
import os, signal, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
ours, theirs = os.pipe()
if os.fork() == 0:
    end = time.process_time() + 0.4
    while time.process_time() < end: pass
    os._exit(0)
os.close(theirs)
os.read(ours, 1)`);
    expect(Number(ended.usage.cpuMicros)).to.be.greaterThan(400_000);
  });

  it("writes nowhere but in its folder, opens no socket, sees no process and no secret", async () => {
    const secret = path.join(root, "secret.txt");
    const outside = path.join(root, "evil");
    await writeFile(secret, "key", { mode: 0o600 });
    const ended = await run(`
import os, socket
for path in ["/tmp/evil", "/dev/shm/evil", "/var/tmp/evil", "/run/evil", "/mnt/evil", ${JSON.stringify(outside)}]:
    try: open(path, "w"); print("wrote", path)
    except OSError: pass
for host in ["127.0.0.1", "1.1.1.1"]:
    try: socket.create_connection((host, 80), timeout=2); print("connected", host)
    except OSError as error: print(error.errno)
try: print(open(${JSON.stringify(secret)}).read())
except OSError: print("no secret")
print(sorted(int(name) for name in os.listdir("/proc") if name.isdigit()), os.getuid())`);
    // 101: the network is unreachable.
    expect(ended.output).to.equal("101\n101\nno secret\n[1] 65534\n");
    expect(existsSync(outside)).to.equal(false);
  });

  it("sees system programs and its folder, and no other file, whoever may read it", async () => {
    const ended = await run(`
import os
print(sorted(os.listdir("/")), os.listdir("/etc"), sorted(os.listdir("/dev")))
open("/dev/null", "w").write("x")
for folder in ["/", "/usr/bin", "/etc", "/dev"]:
    try: open(folder + "/evil", "w"); print("wrote", folder)
    except OSError as error: pass
print(os.path.expanduser("~"), os.listdir("/job"))`);
    const [root, ...rest] = ended.output.split("\n");
    const system = ["bin", "sbin", "lib", "lib32", "lib64", "libx32"];
    const shown = [...(root ?? "").matchAll(/'([^']+)'/g)].map(([, name]) => name);
    expect(shown).to.include.members(["dev", "etc", "job", "node", "null", "passwd", "proc", "usr"]);
    const allowed = ["dev", "etc", "job", "node", "proc", "usr", "alternatives", "group", "ld.so.cache", "passwd"];
    const devices = ["fd", "full", "null", "random", "urandom", "zero"];
    expect(shown.filter((name) => ![...system, ...allowed, ...devices].includes(name ?? ""))).to.deep.equal([]);
    expect(rest).to.deep.equal(["/job ['main']", ""]);
  });

  it("connects to no Unix socket of the machine, neither by path nor by an abstract name", async () => {
    const names = ["/tmp", "/run"].map((folder) => path.join(folder, `numeraire-${process.pid}.sock`));
    const addresses = [...names, `\0numeraire-${process.pid}`];
    const servers = addresses.map((address) => createServer().listen(address));
    await Promise.all(servers.map((server) => once(server, "listening")));
    for (const name of names) await chmod(name, 0o777);
    const program = `
import socket
for address in ${JSON.stringify(addresses)}:
    try: socket.socket(socket.AF_UNIX).connect(address); print("connected")
    except OSError: print("refused")`;
    try {
      // Outside, whoever knows them can connect.
      const outside = spawnSync("python3", ["-c", program], { uid: 65_534, gid: 65_534, encoding: "utf8" });
      expect(outside.stdout).to.equal("connected\n".repeat(3));
      expect((await run(program)).output).to.equal("refused\n".repeat(3));
    } finally {
      for (const server of servers) server.close();
    }
  });

  it("runs where the provider's folder lies below /mnt", async () => {
    await rm(root, { recursive: true });
    root = await mkdtemp("/mnt/numeraire-jobs-");
    expect(await run("print('here')")).to.include({ code: 0, output: "here\n" });
  });

  it("has no more processors than it may, however many processes it starts", async () => {
    const started = performance.now();
    const ended = await run(`
import os, time
for _ in range(3):
    if os.fork() == 0: break
end = time.time() + 1
while time.time() < end: pass
while True:
    try: os.wait()
    except ChildProcessError: break`);
    // Four that want a processor each get one together; 100 ms are a period.
    expect(Number(ended.usage.cpuMicros) / 1_000).to.be.lessThan(performance.now() - started + 100);
  });

  it("forks only as often as it may", async () => {
    const ended = await run(`
import os, time
count = 0
try:
    while True:
        if os.fork() == 0: time.sleep(20); os._exit(0)
        count += 1
except OSError: print(count)`);
    expect(Number(ended.output)).to.be.lessThan(LIMITS.processes);
  });

  it("leaves nobody behind, however it detaches", async () => {
    const job = await start(`
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0: time.sleep(60)
    os._exit(0)
print("gone", flush=True)`);
    await job.ended;
    expect(await job.processes()).to.deep.equal([]);
    await job.close();
  });

  it("ends when it allocates without bound", async () => {
    const ended = await run("x = []\nwhile True: x.append(bytearray(5_000_000))");
    expect(ended.code).to.not.equal(0);
  });

  it("is metered for memory that its processes share, and has no more of it than it may", async () => {
    const job = await start(`
import mmap, time
shared = mmap.mmap(-1, 32 * 2**20)
for _ in range(32): shared.write(b"x" * 2**20)
print("shared", flush=True)
time.sleep(20)`);
    while ((await output()) === "") await sleep(20);
    expect(Number((await job.usage()).memoryBytes)).to.be.within(32 * 2 ** 20, LIMITS.memoryBytes);
    await job.kill();
    await job.ended;
    await job.close();
    await rm(path.join(root, "job"), { recursive: true });
    const ended = await run(`
import mmap
shared = [mmap.mmap(-1, 8 * 2**20) for _ in range(20)]
for part in shared:
    for _ in range(8): part.write(b"x" * 2**20)`);
    expect(ended.signal ?? ended.code).to.not.equal(0);
  });

  it("cannot fill the disk by a file, nor by what it prints", async () => {
    const file = await run("f = open('big', 'wb')\nwhile True: f.write(b'x' * 65536)");
    expect(file.output).to.contain("File too large");
    expect((await stat(path.join(root, "job", WORK, "big"))).size).to.equal(2 ** 20);
    await rm(path.join(root, "job"), { recursive: true });
    const print = await run("while True: print('x' * 65536)");
    expect(print.code).to.not.equal(0);
    expect(print.output.length).to.be.at.most(2 ** 20);
  });

  /**
   * Waits until hardly any processor time is used for half a second, and gives what was used. The kernel books late what
   * was used before a pause, on a busy machine very late; a job that runs on never stands still.
   */
  async function untilStill(used: () => Promise<bigint>): Promise<bigint> {
    for (let before = await used(); ;) {
      await sleep(500);
      const after = await used();
      if (after - before < 5_000n) return after;
      before = after;
    }
  }

  it("stands still while it is paused, and goes on", async () => {
    const job = await start("while True: pass");
    const used = async () => (await job.usage()).cpuMicros;
    while ((await used()) < 100_000n) await sleep(20);
    await job.pause();
    const before = await untilStill(used);
    await job.resume();
    while ((await used()) < before + 100_000n) await sleep(20);
    await job.kill();
    expect(await job.ended).to.include({ signal: "SIGKILL" });
    await job.close();
  });

  it("stands still while it is paused, although its processes come and go faster than signals", async () => {
    const job = await start(`
import os, signal, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
if os.fork() == 0:
    while os.fork() == 0: pass
    os._exit(0)
time.sleep(60)`);
    const used = async () => (await job.usage()).cpuMicros;
    while ((await used()) < 300_000n) await sleep(20);
    await job.pause();
    await untilStill(used);
    await job.kill();
    expect(await job.ended).to.include({ signal: "SIGKILL" });
    while ((await job.processes()).length > 0) await sleep(10);
    await job.close();
  });

  it("can be ended before it has begun", async () => {
    const job = await start("import time\ntime.sleep(20)");
    await job.kill();
    expect(await job.ended).to.include({ signal: "SIGKILL" });
    await job.close();
  });

  it("is ended by the next provider, when its own was killed", async () => {
    const job = await start("while True: pass");
    while ((await job.usage()).cpuMicros < 100_000n) await sleep(20);
    await endGroups(`test-${process.pid}-`);
    expect(await job.ended).to.include({ signal: "SIGKILL" });
    expect(String(await job.usage().catch((error: unknown) => error))).to.contain("ENOENT");
  });

  it("of Node has the permission model besides", async () => {
    const ended = await run(
      `
import { readFileSync, writeFileSync } from "node:fs";
writeFileSync("out.txt", "x");
for (const call of [() => readFileSync("/etc/hostname"), () => process.binding("spawn_sync")]) {
  try { call(); console.log("allowed"); } catch (error) { console.log(error.code); }
}`,
      "node",
    );
    expect(ended.output).to.match(/^ERR_ACCESS_DENIED\nERR_/);
    expect(existsSync(path.join(root, "job", WORK, "out.txt"))).to.equal(true);
  });

  it("is refused when a file would lie outside its folder, or comes twice", async () => {
    const file = { path: "../evil", content: Buffer.from("x") };
    expect(String(await start("", "python", [file]).catch((error: unknown) => error))).to.contain("relative path");
    await rm(path.join(root, "job"), { recursive: true });
    const twice = { path: "main", content: Buffer.from("x") };
    expect(String(await start("", "python", [twice]).catch((error: unknown) => error))).to.contain(
      "another in its place",
    );
    await rm(path.join(root, "job"), { recursive: true });
    const below = { path: "main/below", content: Buffer.from("x") };
    expect(String(await start("", "python", [below]).catch((error: unknown) => error))).to.contain(
      "another in its place",
    );
  });
});
