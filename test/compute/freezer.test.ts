import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readFile, rmdir } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "chai";

import { freezerOf } from "../../scripts/compute/freezer.js";

/** Where machines have the two: version 2 alone, or beside version 1. */
const KERNELS = [
  { version: 2, roots: ["/sys/fs/cgroup", "/sys/fs/cgroup/unified"], mark: "cgroup.controllers" },
  { version: 1, roots: ["/sys/fs/cgroup/freezer"], mark: "tasks" },
] as const;

/** Five lines of processes, each of which forks the next one and is gone. */
const RUNNERS = `
import os, signal, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for _ in range(5):
    if os.fork() == 0:
        while os.fork() == 0: pass
        os._exit(0)
print("running", flush=True)
time.sleep(60)`;

for (const { version, roots, mark } of KERNELS) {
  describe(`freezerOf a control group of version ${version}, with processes that come and go faster than signals`, function () {
    this.timeout(30_000);
    let folder: string;
    let child: ChildProcess;

    before(function () {
      const root = roots.find((candidate) => existsSync(path.join(candidate, mark)));
      if (root === undefined || process.getuid?.() !== 0) this.skip();
      folder = path.join(root, `numeraire-test-${process.pid}`);
    });
    beforeEach(async () => {
      await mkdir(folder);
      const join = `echo 0 >${folder}/cgroup.procs; exec python3 -c "$1"`;
      child = spawn("sh", ["-c", join, "sh", RUNNERS], { stdio: ["ignore", "pipe", "inherit"] });
      if (child.stdout === null) throw new Error("no output to read");
      await once(child.stdout, "data");
    });
    afterEach(async () => {
      await freezerOf(folder, version).kill();
      while ((await processes()) !== "") await sleep(10);
      await rmdir(folder);
    });

    const processes = async (): Promise<string> => readFile(path.join(folder, "cgroup.procs"), "utf8");

    it("stops all of them, and lets them go on", async () => {
      const freezer = freezerOf(folder, version);
      await freezer.freeze();
      const frozen = await processes();
      await sleep(200);
      expect(await processes()).to.equal(frozen);
      await freezer.thaw();
      while ((await processes()) === frozen) await sleep(10);
    });

    it("ends all of them, also while they are stopped", async () => {
      const freezer = freezerOf(folder, version);
      await freezer.freeze();
      const ended = once(child, "close");
      await freezer.kill();
      expect((await ended)[1]).to.equal("SIGKILL");
      while ((await processes()) !== "") await sleep(10);
    });
  });
}
