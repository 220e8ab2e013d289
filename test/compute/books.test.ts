import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { id } from "ethers";

import { openBooks, type SignedVoucher } from "../../scripts/compute/books.js";
import { NumeraireError } from "../../sdk/numeraire-error.js";
import { skipUnlessRoot } from "../fixtures/skip-unless-root.js";

const USER = "0x00000000000000000000000000000000000000A1";
const line = (index: number) => ({ jobId: id("job"), index, cpuMicros: 5n, byteMillis: 7n, cost: 3n });
const signed = (cumulative: bigint): SignedVoucher => ({
  voucher: { providerId: 1n, user: USER, cumulative, usageRoot: id("root"), validUntil: 9n },
  signature: "0x12",
});

describe("openBooks", () => {
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "numeraire-books-"));
    file = path.join(folder, "books.jsonl");
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("keeps lines and the newest voucher of each user", async () => {
    const books = await openBooks(file);
    await books.addLine(USER, line(0));
    await books.addLine("another", line(0));
    await books.addVoucher(signed(3n));
    await books.addLine(USER, line(1));
    await books.addVoucher(signed(6n));
    await books.close();
    const again = await openBooks(file);
    expect(again.linesOf(USER)).to.deep.equal([line(0), line(1)]);
    expect(again.owedBy(USER)).to.equal(6n);
    expect(again.voucherOf(USER)).to.deep.equal(signed(6n));
    expect(again.voucherOf("another")).to.equal(undefined);
    expect(again.signers()).to.deep.equal([USER]);
    await again.close();
  });

  it("loses half a line of a process that was killed, and nothing else", async () => {
    const books = await openBooks(file);
    await books.addVoucher(signed(3n));
    await books.close();
    await appendFile(file, '{"user":"0xé","signed":{"vou');
    const again = await openBooks(file);
    await again.addVoucher(signed(4n));
    await again.close();
    const last = await openBooks(file);
    expect(last.voucherOf(USER)).to.deep.equal(signed(4n));
    await last.close();
    expect((await readFile(file, "utf8")).split("\n").length).to.equal(3);
  });

  it("keeps the voucher that promises most, in whatever order they come, and takes one that renews it", async () => {
    const renewed = { ...signed(9n), signature: "0x34" };
    const books = await openBooks(file);
    await Promise.all([signed(7n), signed(9n), renewed, signed(8n)].map((voucher) => books.addVoucher(voucher)));
    expect(books.voucherOf(USER)).to.deep.equal(renewed);
    await books.close();
    const again = await openBooks(file);
    expect(again.voucherOf(USER)).to.deep.equal(renewed);
    await again.close();
  });

  it("adds up the first so many lines", async () => {
    const books = await openBooks(file);
    expect(books.owedBy(USER)).to.equal(0n);
    for (const [index, cost] of [5n, 7n, 11n].entries()) await books.addLine(USER, { ...line(index), cost });
    expect([undefined, 0, 1, 2, 3, 4].map((lines) => books.owedBy(USER, lines))).to.deep.equal([
      23n,
      0n,
      5n,
      12n,
      23n,
      0n,
    ]);
    await books.close();
  });

  it("lose nothing but what a full disk refused, and go on once there is room", async function () {
    skipUnlessRoot.call(this);
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=16k", "tmpfs", folder]);
    try {
      await writeFile(path.join(folder, "filler"), Buffer.alloc(4_096));
      const books = await openBooks(file);
      let kept = 0;
      while (
        await books.addLine(USER, line(kept)).then(
          () => true,
          () => false,
        )
      )
        kept += 1;
      expect(kept).to.be.greaterThan(10);
      expect(await readFile(file, "utf8")).to.match(/[^\n]$/);
      expect(books.linesOf(USER).length).to.equal(kept);
      expect(String(await books.addVoucher(signed(3n)).catch((error: unknown) => error))).to.contain("ENOSPC");
      await rm(path.join(folder, "filler"));
      await books.addLine(USER, line(kept));
      await books.addVoucher(signed(4n));
      await books.close();
      const again = await openBooks(file);
      expect(again.linesOf(USER)).to.deep.equal(Array.from({ length: kept + 1 }, (_, index) => line(index)));
      expect(again.voucherOf(USER)).to.deep.equal(signed(4n));
      await again.close();
    } finally {
      execFileSync("umount", ["--lazy", folder]);
    }
  });

  it("refuses a line that is broken, and says where", async () => {
    for (const broken of ["nonsense", '{"user":"x"}', '{"user":"x","line":{"index":1}}']) {
      await writeFile(file, `${broken}\n`);
      const error: unknown = await openBooks(file).catch((failure: unknown) => failure);
      expect(error).to.be.instanceOf(NumeraireError);
      expect(String(error)).to.contain("books.jsonl:1: found a broken line");
    }
  });

  it("are open in one process at a time", async () => {
    const books = await openBooks(file);
    const error: unknown = await openBooks(file).catch((failure: unknown) => failure);
    expect(error).to.be.instanceOf(NumeraireError).with.property("exitCode", 2);
    await books.close();
  });

  it("have every voucher that was acknowledged before kill -9", async function () {
    this.timeout(20_000);
    const program = path.join(folder, "writer.mts");
    const source = path.resolve(import.meta.dirname, "../../scripts/compute/books.js");
    await writeFile(
      program,
      `import { openBooks } from ${JSON.stringify(source)};
const books = await openBooks(${JSON.stringify(file)});
for (let cumulative = 1n; ; cumulative += 1n) {
  const voucher = { providerId: 1n, user: ${JSON.stringify(USER)}, cumulative, usageRoot: "0x", validUntil: 9n };
  await books.addVoucher({ voucher, signature: "0x12" });
  process.stdout.write(cumulative + "\\n");
}`,
    );
    const child = spawn(process.execPath, ["--import=tsx", program], { stdio: ["ignore", "pipe", "inherit"] });
    let told = "";
    child.stdout.on("data", (data: Buffer) => {
      told += data.toString();
      if (told.split("\n").length > 50) child.kill("SIGKILL");
    });
    await once(child, "close");
    const books = await openBooks(file);
    const acknowledged = BigInt(told.split("\n").slice(0, -1).at(-1) ?? "0");
    expect(Number(acknowledged)).to.be.greaterThan(40);
    expect((books.voucherOf(USER)?.voucher.cumulative ?? 0n) >= acknowledged).to.equal(true);
    await books.close();
  });
});
