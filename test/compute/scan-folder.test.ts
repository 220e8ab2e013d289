import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { scanFolder } from "../../scripts/compute/scan-folder.js";

const LIMITS = { entries: 100, depth: 3, bytes: 10 * 2 ** 20 };

describe("scanFolder", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "numeraire-scan-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("finds files at any depth, and follows no link", async () => {
    await mkdir(path.join(folder, "a", "b"), { recursive: true });
    for (const name of ["z", "a/y", "a/b/x"]) await writeFile(path.join(folder, name), "content");
    await symlink("/etc", path.join(folder, "link"));
    await symlink("/etc/passwd", path.join(folder, "a", "link"));
    const { files, bytes, excess } = await scanFolder(folder, LIMITS);
    expect(files).to.deep.equal(["a/b/x", "a/y", "z"]);
    expect(bytes).to.be.within(3 * 512, 100_000);
    expect(excess).to.equal(undefined);
  });

  it("takes a folder that is not there for an empty one", async () => {
    expect(await scanFolder(path.join(folder, "none"), LIMITS)).to.deep.equal({
      files: [],
      bytes: 0,
      excess: undefined,
    });
  });

  it("ends at too many entries, folders among them, wherever they lie", async () => {
    for (let i = 0; i < 60; i += 1) {
      await mkdir(path.join(folder, `d${i}`));
      await writeFile(path.join(folder, `d${i}`, "file"), "");
    }
    const { files, excess } = await scanFolder(folder, LIMITS);
    expect(excess).to.equal("more than 100 of them");
    expect(files.length).to.be.lessThan(60);
  });

  it("ends at too many bytes on the disk; holes in files are none", async () => {
    await writeFile(path.join(folder, "sparse"), "");
    await truncate(path.join(folder, "sparse"), 2 ** 30);
    expect((await scanFolder(folder, LIMITS)).excess).to.equal(undefined);
    await writeFile(path.join(folder, "large"), Buffer.alloc(11 * 2 ** 20, "x"));
    expect((await scanFolder(folder, LIMITS)).excess).to.equal(`more than ${LIMITS.bytes} bytes`);
  });

  it("ends at folders that are too deep to have a path", async () => {
    await mkdir(path.join(folder, "a/b/c"), { recursive: true });
    expect((await scanFolder(folder, LIMITS)).excess).to.equal(undefined);
    await mkdir(path.join(folder, "a/b/c/d/e"), { recursive: true });
    expect((await scanFolder(folder, LIMITS)).excess).to.equal("folders more than 3 deep");
  });

  it("ends at a path that is too long, before the system does", async () => {
    await mkdir(path.join(folder, ...Array.from({ length: 5 }, () => "x".repeat(250))), { recursive: true });
    const limits = { ...LIMITS, depth: 30 };
    expect((await scanFolder(folder, limits)).excess).to.equal("paths of more than 1024 bytes");
  });

  it("counts what has a name that is no text", async () => {
    const name = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff, 0xfe])]);
    await writeFile(name, Buffer.alloc(11 * 2 ** 20, "x"));
    expect((await scanFolder(folder, LIMITS)).excess).to.equal(`more than ${LIMITS.bytes} bytes`);
  });
});
