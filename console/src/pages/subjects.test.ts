import { expect, it } from "vitest";

import { pageOf, subjectHref } from "./subjects";

it("what was found has the page of its kind, with its name in one part of the address", () => {
  expect(pageOf("access_key", "AKIA")).toBe(subjectHref("credential", "AKIA"));
  expect(pageOf("role", "arn:aws:iam::1:role/a/../b?c#d")).toBe("/subjects/role/arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fa%2F..%2Fb%3Fc%23d");
  expect(pageOf("event", "a/b")).toBe("/events/a%2Fb");
  expect(pageOf("incident", "1f")).toBe("/incidents/1f");
});

it("what has no page has no address", () => {
  expect(pageOf("account", "111122223333")).toBeUndefined();
  expect(pageOf("toString", "x")).toBeUndefined();
});
