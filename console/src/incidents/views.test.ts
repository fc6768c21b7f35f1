import { expect, it } from "vitest";

import { OWN_VIEWS, isSame, viewsOf, whyNotName } from "./views";

it("a view that was saved is the address it was saved from", () => {
  for (const words of ["a&b=c", "100%", "%26", "a+b", "a b", "né 👍", "#1"]) {
    const address = new URLSearchParams({ q: words, severity: "critical,high" });
    const again = new URLSearchParams(address.toString());
    expect(again.get("q")).toBe(words);
    expect(isSame(again, address)).toBe(true);
  }
});

it("neither the order nor the way of writing makes another view", () => {
  const [, grave] = OWN_VIEWS;
  expect(isSame(new URLSearchParams(grave!.address), new URLSearchParams("status=new%2Cin_progress&severity=critical%2Chigh"))).toBe(true);
  expect(isSame(new URLSearchParams(grave!.address), new URLSearchParams("severity=critical"))).toBe(false);
});

it("whatever stands where views are kept, views come out, each of a name of its own", () => {
  for (const text of ["", "{", "null", "7", '"x"', "{}", '[null, 1, "x", [], {}, {"name": 1, "address": ""}, {"name": " ", "address": ""}]']) {
    expect(viewsOf(text)).toEqual([]);
  }
  const long = { name: "x".repeat(81), address: "" };
  const mine = { name: "Mine", address: "status=new" };
  expect(viewsOf(JSON.stringify([long, mine, { ...mine, address: "q=other" }, { name: "Open", address: "q=x" }]))).toEqual([mine]);
  expect(viewsOf(JSON.stringify(Array.from({ length: 99 }, (_, n) => ({ name: `n${n}`, address: "" }))))).toHaveLength(50);
});

it("a view chooses rows and nothing else", () => {
  const kept = JSON.stringify([{ name: "Mine", address: "severity=high&cursor=x&tab=notes&__proto__=1" }]);
  expect(viewsOf(kept)).toEqual([{ name: "Mine", address: "severity=high" }]);
});

it("a view of one's own has no name that everybody has", () => {
  expect(whyNotName("Open")).toMatch(/Everybody/);
  expect(whyNotName("x".repeat(81))).toMatch(/at most 80/);
  expect(whyNotName("Mine")).toBeUndefined();
});
