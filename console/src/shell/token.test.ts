import { expect, it } from "vitest";

import { tokenOf } from "./token";

it("the token is found in the fragment", () => {
  expect(tokenOf("#token=abc123")).toBe("abc123");
  expect(tokenOf("#token=a%2Bb")).toBe("a+b");
});

it("a fragment without one has none", () => {
  expect(tokenOf("")).toBeUndefined();
  expect(tokenOf("#phase-contain")).toBeUndefined();
  expect(tokenOf("#token=")).toBeUndefined();
});
