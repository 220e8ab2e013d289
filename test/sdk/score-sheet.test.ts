import { expect } from "chai";
import { AbiCoder, ZeroHash, dataLength, dataSlice, keccak256 } from "ethers";
import fc from "fast-check";

import { NumeraireError } from "../../sdk/numeraire-error.js";
import {
  CHUNK,
  UNSCORED,
  decodeScore,
  encodeScore,
  packScores,
  reportHash,
  scoresDigest,
  unpackScores,
  type Score,
} from "../../sdk/score-sheet.js";

const score = fc.record<Score>({
  scored: fc.boolean(),
  concordant: fc.boolean(),
  original: fc.boolean(),
  consistency: fc.integer({ min: 0, max: 100 }),
  logloss: fc.integer({ min: 0, max: 1_048_575 }),
});

describe("score sheet", () => {
  it("lays a word out as the contract reads it", () => {
    const base: Score = { ...UNSCORED };
    expect(encodeScore(base)).to.equal(0);
    expect(encodeScore({ ...base, scored: true })).to.equal(0x80000000);
    expect(encodeScore({ ...base, concordant: true })).to.equal(0x40000000);
    expect(encodeScore({ ...base, original: true })).to.equal(0x20000000);
    expect(encodeScore({ ...base, consistency: 100 })).to.equal(100 * 2 ** 22);
    expect(encodeScore({ ...base, logloss: 0xfffff })).to.equal(0xfffff);
    expect(encodeScore({ scored: true, concordant: true, original: true, consistency: 58, logloss: 693147 })).to.equal(
      0xee8a939b,
    );
  });

  it("decodes what it encoded", () => {
    fc.assert(
      fc.property(score, (one) => {
        expect(decodeScore(encodeScore(one))).to.deep.equal(one);
      }),
    );
  });

  for (const word of [0x00200000, 0x00100000, 0x80300000, 101 * 2 ** 22, 127 * 2 ** 22]) {
    it(`refuses the word 0x${word.toString(16)}`, () => {
      expect(() => decodeScore(word)).to.throw(NumeraireError, "Score word");
    });
  }

  for (const bad of [
    { consistency: 101 },
    { consistency: -1 },
    { consistency: 50.5 },
    { logloss: 1_048_576 },
    { logloss: NaN },
  ]) {
    it(`refuses to encode ${JSON.stringify(bad)}`, () => {
      expect(() => encodeScore({ ...UNSCORED, ...bad })).to.throw(NumeraireError, "expected a whole number");
    });
  }

  it("unpacks what it packed, whatever the number", () => {
    fc.assert(
      fc.property(fc.array(score, { maxLength: 40 }), (scores) => {
        expect(unpackScores(packScores(scores))).to.deep.equal(scores);
      }),
    );
  });

  it("fills every chunk but the last", () => {
    const scores = Array.from({ length: 2 * CHUNK + 1 }, (_, i) => ({ ...UNSCORED, logloss: i }));
    const chunks = packScores(scores);
    expect(chunks.map(dataLength)).to.deep.equal([8192, 8192, 4]);
    expect(dataSlice(chunks[1] ?? "", 0, 4)).to.equal("0x00000800");
    expect(unpackScores(chunks)).to.deep.equal(scores);
    expect(packScores([])).to.deep.equal([]);
  });

  it("refuses a chunk that is cut short", () => {
    expect(() => unpackScores(["0x000000"])).to.throw(NumeraireError, "found 3 bytes");
    expect(() => unpackScores(["0x"])).to.throw(NumeraireError, "found 0 bytes");
  });

  it("chains the digest over chunks in order", () => {
    const coder = AbiCoder.defaultAbiCoder();
    const first = keccak256(coder.encode(["bytes32", "bytes32"], [ZeroHash, keccak256("0x01")]));
    const second = keccak256(coder.encode(["bytes32", "bytes32"], [first, keccak256("0x02")]));
    expect(scoresDigest([])).to.equal(ZeroHash);
    expect(scoresDigest(["0x01", "0x02"])).to.equal(second);
    expect(scoresDigest(["0x02", "0x01"])).not.to.equal(second);
  });

  it("gives another report hash when any part of the report changes", () => {
    const report = {
      chainId: 1n,
      tournament: "0x00000000000000000000000000000000000000AA",
      roundId: 2n,
      attemptId: 3n,
      cut: 4,
      scoresDigest: keccak256("0x05"),
      evidenceHash: keccak256("0x06"),
    };
    const variants = [
      report,
      { ...report, chainId: 2n },
      { ...report, tournament: "0x00000000000000000000000000000000000000ab" },
      { ...report, roundId: 3n },
      { ...report, attemptId: 4n },
      { ...report, cut: 5 },
      { ...report, scoresDigest: keccak256("0x06") },
      { ...report, evidenceHash: keccak256("0x07") },
    ];
    expect(new Set(variants.map(reportHash)).size).to.equal(variants.length);
  });
});
