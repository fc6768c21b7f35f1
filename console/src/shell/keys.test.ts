import { expect, it, vi } from "vitest";

import { type Keys, actOf } from "./keys";

const incident: Keys = { a: vi.fn(), f: vi.fn() };
const pages: Keys = { "g a": vi.fn(), "?": vi.fn() };

it("two keys in a row do what they do together, whoever has a key of the second alone", () => {
  for (const maps of [
    [incident, pages],
    [pages, incident],
  ]) {
    expect(actOf(maps, "g", "a")).toBe(pages["g a"]);
    expect(actOf(maps, undefined, "a")).toBe(incident.a);
  }
});

it("two keys that do nothing together are one after the other", () => {
  expect(actOf([incident, pages], "g", "f")).toBe(incident.f);
  expect(actOf([incident, pages], "?", "?")).toBe(pages["?"]);
  expect(actOf([incident, pages], "g", "x")).toBeUndefined();
  expect(actOf([incident, pages], undefined, "toString")).toBeUndefined();
});
