import { describe, expect, it } from "vitest";

import { fold, pieces, short, shortKey, visible } from "./visible";

describe("hostile text", () => {
  it("shows controls, escapes of terminals and line feeds", () => {
    expect(visible("a\u001b[31mb\u0000c\nd")).toBe("a\\u{1b}[31mb\\u{0}c\\u{a}d");
  });

  it("shows characters that turn the direction of text around", () => {
    for (const character of ["\u202a", "\u202b", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069", "\u200e", "\u200f", "\u061c"]) {
      expect(visible(`x${character}y`)).toBe(`x\\u{${character.charCodeAt(0).toString(16)}}y`);
    }
  });

  it("shows what has no width", () => {
    for (const character of ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u3164", "\u{e0041}", "\ufe0f"]) {
      expect(visible(`x${character}y`)).not.toContain(character);
    }
  });

  it("shows half characters and line separators", () => {
    expect(visible("\ud800")).toBe("\\u{d800}");
    expect(visible("\u2028\u2029\u0085")).toBe("\\u{2028}\\u{2029}\\u{85}");
  });

  it("leaves what is seen as it is, markup included", () => {
    const text = "<img src=x onerror=alert(1)> =cmd() 日本語 né 👍";
    expect(visible(text)).toBe(text);
    expect(pieces(text)).toEqual([{ text, isEscape: false }]);
  });

  it("tells escapes from text that looks like one", () => {
    expect(pieces("\\u{202e}\u202e")).toEqual([
      { text: "\\u{202e}", isEscape: false },
      { text: "\\u{202e}", isEscape: true },
    ]);
  });
});

describe("long text", () => {
  it("is cut between characters and says how much is missing", () => {
    expect(fold("👍👍👍", 2)).toEqual({ head: "👍👍", nLeftOut: 1 });
    expect(fold("abc", 3)).toEqual({ head: "abc", nLeftOut: 0 });
    expect(fold("x".repeat(65_536), 600).nLeftOut).toBe(64_936);
  });

  it("is escaped after it is cut", () => {
    expect(short(`ab\u202e${"c".repeat(50)}`, 4)).toBe("ab\\u{202e}c…");
  });
});

it("keys keep their kind and their end", () => {
  expect(shortKey("pipeline · ASIAWO645SY5C7OP64TT · 444455556666")).toBe("pipeline · ASIA…64TT · 444455556666");
  expect(shortKey("AssumeRole")).toBe("AssumeRole");
});
