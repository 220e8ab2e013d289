import { chmod, chown, mkdtemp, rm, stat, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { privateFolder } from "../../scripts/compute/private-folder.js";
import { failure } from "../fixtures/failure.js";

describe("privateFolder", () => {
  let root: string;
  const modeOf = async (folder: string) => (await stat(folder)).mode & 0o777;

  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), "numeraire-private-"));
  });
  afterEach(() => rm(root, { recursive: true }));

  it("makes one that nobody else may enter, whatever the umask leaves", async () => {
    const folder = path.join(root, "provider");
    const before = process.umask(0o377);
    try {
      expect(await privateFolder(folder)).to.equal(folder);
    } finally {
      process.umask(before);
    }
    expect(await modeOf(folder)).to.equal(0o700);
    expect(await privateFolder(folder)).to.equal(folder);
  });

  it("refuses one that others may read or enter, and leaves it as it is", async () => {
    for (const mode of [0o755, 0o701, 0o710, 0o740]) {
      await chmod(root, mode);
      expect((await failure(privateFolder(root))).message).to.contain(`found mode ${mode.toString(8)}`);
      expect(await modeOf(root)).to.equal(mode);
    }
  });

  it("refuses a link", async () => {
    await symlink(root, path.join(root, "link"));
    expect((await failure(privateFolder(path.join(root, "link")))).message).to.contain("found no folder");
  });

  it("refuses one of another account", async function () {
    if (process.getuid?.() !== 0) this.skip();
    await chown(root, 65_534, 65_534);
    expect((await failure(privateFolder(root))).message).to.contain("of account 65534, expected mode 700");
  });
});
