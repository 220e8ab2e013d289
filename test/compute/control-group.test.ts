import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { createControlGroup } from "../../scripts/compute/control-group.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";

const LIMITS = { cores: 2, memoryBytes: 1_000_000, processes: 7 };

/** The kernel's files as plain ones: what is written where, and what is read out of which. */
describe("createControlGroup", () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), "numeraire-groups-"));
  });
  afterEach(() => rm(root, { recursive: true }));

  it("limits and meters by version 2 where it has cpu, memory and pids", async () => {
    await writeFile(path.join(root, "cgroup.controllers"), "cpuset cpu io memory pids\n");
    const group = await createControlGroup("job-1", LIMITS, root);
    const folder = path.join(root, "numeraire", "job-1");
    const written = (file: string) => readFile(path.join(folder, file), "utf8");
    expect([await written("cpu.max"), await written("memory.max"), await written("pids.max")]).to.deep.equal([
      "200000 100000",
      "1000000",
      "7",
    ]);
    for (const above of [root, path.dirname(folder)]) {
      expect(await readFile(path.join(above, "cgroup.subtree_control"), "utf8")).to.equal("+cpu +memory +pids");
    }
    expect(group.joinFiles).to.deep.equal([path.join(folder, "cgroup.procs")]);
    await writeFile(path.join(folder, "cpu.stat"), "usage_usec 1234567\nuser_usec 1\nsystem_usec 2\n");
    await writeFile(path.join(folder, "memory.stat"), "anon 4096\nfile 99999\nshmem 50\n");
    expect(await group.usage()).to.deep.equal({ cpuMicros: 1_234_567n, memoryBytes: 4_146n });
    await writeFile(path.join(folder, "cgroup.procs"), "12\n345\n");
    expect(await group.processes()).to.deep.equal([12, 345]);
  });

  it("limits and meters by version 1 where there is no other", async () => {
    for (const controller of ["freezer", "cpuacct", "cpu", "memory", "pids"]) await mkdir(path.join(root, controller));
    const group = await createControlGroup("job-1", LIMITS, root);
    const folderOf = (controller: string) => path.join(root, controller, "numeraire", "job-1");
    expect(await readFile(path.join(folderOf("memory"), "memory.limit_in_bytes"), "utf8")).to.equal("1000000");
    expect(await readFile(path.join(folderOf("pids"), "pids.max"), "utf8")).to.equal("7");
    expect(await readFile(path.join(folderOf("cpu"), "cpu.cfs_quota_us"), "utf8")).to.equal("200000");
    expect(group.joinFiles.length).to.equal(5);
    // A process that has joined any of them can be ended by the first.
    expect(group.joinFiles[0]).to.equal(path.join(folderOf("freezer"), "cgroup.procs"));
    await writeFile(path.join(folderOf("cpuacct"), "cpuacct.usage"), "1234567890\n");
    await writeFile(
      path.join(folderOf("memory"), "memory.stat"),
      "cache 9\nrss 5\nshmem 3\ntotal_cache 9\ntotal_rss 8192\ntotal_shmem 60\n",
    );
    expect(await group.usage()).to.deep.equal({ cpuMicros: 1_234_567n, memoryBytes: 8_252n });
  });

  it("says what the machine lacks", async () => {
    const error: unknown = await createControlGroup("job-1", LIMITS, root).catch((failure: unknown) => failure);
    expect(error).to.be.instanceOf(NumeraireError);
    expect(String(error)).to.contain("cannot make the control group job-1");
  });
});
